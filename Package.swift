// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

let log = Target.Dependency.product(name: "Logging", package: "swift-log")
let nio: [Target.Dependency] = [
    .product(name: "NIOCore", package: "swift-nio"),
    .product(name: "NIOPosix", package: "swift-nio"),
    .product(name: "NIOHTTP1", package: "swift-nio"),
]

let package = Package(
    name: "jarvis",
    products: [
        .executable(name: "jarvis", targets: ["jarvis"]),
        .executable(name: "jarvis-guard", targets: ["jarvis-guard"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.65.0"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.5.4"),
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.4.0"),
    ],
    targets: [
        // Libraries of the system, and the small C shims that make them callable.
        .systemLibrary(name: "CSQLite"),
        .systemLibrary(name: "CYAML"),
        .systemLibrary(name: "CSodium"),
        .systemLibrary(name: "CCurl"),
        // Debian keeps its header in a directory of its own, which pkg-config knows.
        .systemLibrary(name: "CLibPQ", pkgConfig: "libpq"),
        .target(name: "CCurlShim"),
        .target(name: "CSpawn"),

        // The product; ARCHITECTURE.md says what each may know.
        // Embedded, because the guard is one static binary that reads nothing but its own file.
        .target(name: "CommandPolicy", resources: [.embedInCode("Programs/denials.txt")]),
        .target(name: "Cryptography", dependencies: ["CSodium"]),
        .target(name: "JarvisCore", dependencies: ["CommandPolicy"]),
        .target(name: "JarvisEngine", dependencies: ["JarvisCore", "CommandPolicy"]),
        // Empty in a release build; defined below.
        .target(name: "FaultPoints"),
        .target(name: "DurableQueue", dependencies: ["FaultPoints", log]),
        .target(
            name: "JarvisRuntime",
            dependencies: ["JarvisEngine", "JarvisCore", "CommandPolicy", "DurableQueue", "FaultPoints", log]),
        .target(name: "JarvisStore", dependencies: ["JarvisCore", "DurableQueue", "Cryptography", "FaultPoints"]),
        .target(
            name: "JarvisSQLite",
            dependencies: ["JarvisStore", "JarvisCore", "DurableQueue", "Cryptography", "FaultPoints", "CSQLite"]),
        .target(
            name: "JarvisPostgres",
            dependencies: ["JarvisStore", "JarvisCore", "DurableQueue", "Cryptography", "FaultPoints", "CLibPQ", log]),
        .target(name: "JarvisHosts", dependencies: ["JarvisCore", "CommandPolicy", "FaultPoints", "CSpawn", log]),
        .target(name: "JarvisClients", dependencies: ["JarvisCore", "CCurl", "CCurlShim", log]),
        .target(
            name: "JarvisHTTP", dependencies: ["JarvisCore", "CommandPolicy", "Cryptography", "FaultPoints", log] + nio),
        .target(
            name: "JarvisApp",
            dependencies: [
                "JarvisCore", "CommandPolicy", "JarvisEngine", "JarvisRuntime", "DurableQueue", "JarvisSQLite",
                "JarvisPostgres", "JarvisStore", "JarvisHosts", "JarvisClients", "JarvisHTTP", "Cryptography",
                "FaultPoints", "CYAML",
                log,
            ]),
        .executableTarget(
            name: "jarvis",
            dependencies: [
                "JarvisApp", "JarvisCore", "CommandPolicy", "JarvisHTTP", "JarvisHosts", "JarvisClients", "JarvisGuard",
                log,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        .target(name: "JarvisGuard", dependencies: ["CommandPolicy", "Cryptography"]),
        .executableTarget(name: "jarvis-guard", dependencies: ["JarvisGuard"]),

        // Tests.
        .target(
            name: "JarvisTestSupport",
            dependencies: ["JarvisCore", "CommandPolicy", "Cryptography", "DurableQueue", "JarvisEngine"],
            path: "Tests/JarvisTestSupport"),
        // Stands in front of the C library's calls in whatever test program it is linked into.
        .target(name: "CDiskFaults", path: "Tests/CDiskFaults"),
        .testTarget(name: "ArchitectureTests"),
        .testTarget(name: "CryptographyTests", dependencies: ["Cryptography"]),
        .testTarget(name: "CommandPolicyTests", dependencies: ["CommandPolicy", "JarvisTestSupport"]),
        .testTarget(
            name: "JarvisCoreTests", dependencies: ["JarvisCore", "CommandPolicy", "JarvisTestSupport", "Cryptography"]),
        .testTarget(
            name: "JarvisEngineTests",
            dependencies: ["JarvisEngine", "JarvisCore", "CommandPolicy", "JarvisTestSupport"]),
        .testTarget(name: "DurableQueueTests", dependencies: ["DurableQueue", "JarvisTestSupport", log]),
        .testTarget(
            name: "JarvisRuntimeTests",
            dependencies: [
                "JarvisRuntime", "JarvisEngine", "JarvisCore", "DurableQueue", "JarvisTestSupport", "CommandPolicy",
                "JarvisClients",
            ]),
        .testTarget(
            name: "JarvisStoreTests",
            dependencies: ["JarvisStore", "JarvisCore", "CommandPolicy", "DurableQueue", "JarvisTestSupport"]),
        .testTarget(
            name: "JarvisSQLiteTests",
            dependencies: [
                "JarvisSQLite", "JarvisStore", "JarvisCore", "Cryptography", "DurableQueue", "JarvisTestSupport",
                "CDiskFaults",
            ]),
        .testTarget(
            name: "JarvisPostgresTests",
            dependencies: [
                "JarvisPostgres", "JarvisStore", "JarvisCore", "DurableQueue", "JarvisTestSupport", "JarvisRuntime",
                "JarvisEngine", "JarvisHosts", "CommandPolicy", "LoopbackSSHD", log,
            ]),
        .testTarget(
            name: "JarvisHostsTests",
            dependencies: ["JarvisHosts", "JarvisCore", "CommandPolicy", "LoopbackSSHD", "JarvisTestSupport", log]),
        .testTarget(
            name: "JarvisGuardTests",
            dependencies: [
                "jarvis-guard", "JarvisGuard", "CommandPolicy", "Cryptography", "JarvisHosts", "JarvisCore",
                "LoopbackSSHD", log,
            ]),
        .testTarget(name: "JarvisClientsTests", dependencies: ["JarvisClients", "JarvisCore", "JarvisTestSupport"]),
        .testTarget(
            name: "JarvisHTTPTests",
            dependencies: ["JarvisHTTP", "JarvisCore", "Cryptography", "DurableQueue", "JarvisTestSupport"]),
        .testTarget(
            name: "JarvisAppTests",
            dependencies: [
                "JarvisApp", "JarvisCore", "JarvisSQLite", "DurableQueue", "CommandPolicy", "Cryptography",
                "JarvisHosts",
                "JarvisTestSupport", log,
            ]),
        .testTarget(
            name: "IntegrationTests",
            dependencies: [
                "JarvisApp", "JarvisEngine", "JarvisHTTP", "JarvisClients", "JarvisCore", "JarvisHosts",
                "CommandPolicy",
                "jarvis", "jarvis-guard", "JarvisTestSupport", log,
            ]),

        // Measurements, and the real sshd that they and the tests use; linked into nothing that is shipped.
        .target(
            name: "LoopbackSSHD", dependencies: ["JarvisHosts", "JarvisCore", log], path: "Benchmarks/LoopbackSSHD"),
        .executableTarget(
            name: "ssh-bench",
            dependencies: ["JarvisHosts", "JarvisCore", "CommandPolicy", "CSpawn", "LoopbackSSHD", log],
            path: "Benchmarks/ssh-bench"),
        .executableTarget(
            name: "window-bench",
            dependencies: ["JarvisHosts", "JarvisCore", "CommandPolicy", "LoopbackSSHD", log],
            path: "Benchmarks/window-bench"),
        .executableTarget(
            name: "ingest-baselines", dependencies: ["JarvisApp", "JarvisHTTP", "Cryptography", log],
            path: "Benchmarks/ingest-baselines"),
        .executableTarget(
            name: "growth-bench", dependencies: ["JarvisSQLite", "JarvisCore"], path: "Benchmarks/growth-bench"),
        .executableTarget(
            name: "policy-campaign", dependencies: ["CommandPolicy"], path: "Benchmarks/policy-campaign"),
    ],
    swiftLanguageModes: [.v6]
)

// A misspelt feature name builds in silence: Sources/CommandPolicy/RequiredFeatures.swift turns that into an error.
let swiftSettings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]
for target in package.targets where ["CCurlShim", "CSpawn", "CDiskFaults"].contains(target.name) {
    target.cSettings = [.treatAllWarnings(as: .error)]
}
for target in package.targets
where target.type != .system && !["CCurlShim", "CSpawn", "CDiskFaults"].contains(target.name) {
    target.swiftSettings = swiftSettings
    if target.name == "FaultPoints" {
        target.swiftSettings?.append(.define("FAULT_POINTS", .when(configuration: .debug)))
    }
}
