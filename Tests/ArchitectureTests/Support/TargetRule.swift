// SPDX-License-Identifier: Apache-2.0

/// Which modules a target may see, and why no others; the table of ARCHITECTURE.md, section Targets.
struct TargetRule {
    let mayImport: Set<String>
    /// Why everything else is forbidden.
    let why: String

    private init(_ mayImport: Set<String>, _ why: String) {
        self.mayImport = mayImport
        self.why = why
    }

    /// The C library, for targets whose purpose is input and output.
    private static let system: Set<String> = ["FoundationEssentials", "Synchronization", "Glibc", "Musl"]

    static let all: [String: TargetRule] = [
        "CommandPolicy": TargetRule(
            [], "what decides about safety imports nothing: no I/O, and small enough for a static guard"),
        "Cryptography": TargetRule(
            ["CSodium"], "it knows libsodium alone; the rest of the product sees digests as values"),
        "JarvisCore": TargetRule(
            ["CommandPolicy", "FoundationEssentials", "Synchronization"],
            "the words of the field and the ports know no SQL, HTTP, SSH or NIO"),
        "JarvisEngine": TargetRule(
            ["JarvisCore", "CommandPolicy", "FoundationEssentials"],
            "the engine is a pure function: no clock, no I/O, no vendor, no lock"),
        "DurableQueue": TargetRule(
            ["FaultPoints", "Logging", "FoundationEssentials", "Synchronization"],
            "the queue knows no alerts and nothing else of ours"),
        "FaultPoints": TargetRule(
            ["Glibc", "Musl", "Synchronization"], "it is called from everywhere, and is empty in what is shipped"),
        "JarvisRuntime": TargetRule(
            [
                "JarvisEngine", "JarvisCore", "CommandPolicy", "DurableQueue", "FaultPoints", "Logging",
                "FoundationEssentials",
            ],
            "jobs speak through ports: no vendor, SQL, HTTP or SSH"),
        "JarvisStore": TargetRule(
            system.union(["JarvisCore", "DurableQueue", "Cryptography", "FaultPoints"]),
            "what every store shares knows no database"),
        "JarvisSQLite": TargetRule(
            system.union(["JarvisStore", "JarvisCore", "DurableQueue", "Cryptography", "FaultPoints", "CSQLite"]),
            "a store decides nothing and reaches no host"),
        "JarvisPostgres": TargetRule(
            system.union([
                "JarvisStore", "JarvisCore", "DurableQueue", "Cryptography", "FaultPoints", "CLibPQ", "Logging",
            ]),
            "a store decides nothing and reaches no host but its database"),
        "JarvisHosts": TargetRule(
            system.union(["JarvisCore", "CommandPolicy", "FaultPoints", "CSpawn", "Logging"]),
            "the only place where a command reaches a host decides nothing and stores nothing"),
        "JarvisClients": TargetRule(
            system.union(["JarvisCore", "CCurl", "CCurlShim", "Logging"]),
            "a vendor's client knows no incidents, hosts or commands"),
        "JarvisHTTP": TargetRule(
            system.union([
                "JarvisCore", "CommandPolicy", "Cryptography", "FaultPoints", "NIOCore", "NIOPosix", "NIOHTTP1",
                "Logging",
            ]), "a request is validated, stored or read; it reaches neither hosts nor vendors nor the engine"),
        "JarvisApp": TargetRule(
            system.union([
                "JarvisCore", "CommandPolicy", "JarvisEngine", "JarvisRuntime", "DurableQueue", "JarvisSQLite",
                "JarvisPostgres", "JarvisStore", "JarvisHosts", "JarvisClients", "JarvisHTTP", "Cryptography",
                "FaultPoints", "CYAML",
                "Logging",
            ]), "the composition root sees every target of ours, and no library that one of them wraps"),
        "jarvis-guard": TargetRule(
            ["JarvisGuard", "Glibc", "Musl"], "the static program is the guard and nothing more"),
        "JarvisGuard": TargetRule(
            ["CommandPolicy", "Cryptography", "Glibc", "Musl"],
            "the guard is small, static and alone: it judges, checks a signature and starts one program"),
        "jarvis": TargetRule(
            [
                "JarvisApp", "JarvisCore", "CommandPolicy", "JarvisHTTP", "JarvisHosts", "JarvisClients", "JarvisGuard",
                "ArgumentParser",
                "Logging",
                "FoundationEssentials", "Glibc", "Musl", "Dispatch",
            ], "the command line asks the app and the API; it never touches the store, the queue or the engine"),
    ]
}

/// Words that are written only where somebody said why.
struct BannedWord {
    let pattern: String
    let why: String
    /// How often it is allowed in which file, and the reason.
    let exceptions: [String: (count: Int, reason: String)]

    init(_ pattern: String, why: String, exceptions: [String: (count: Int, reason: String)] = [:]) {
        self.pattern = pattern
        self.why = why
        self.exceptions = exceptions
    }

    static let inSources = [
        BannedWord(#"Task\.detached"#, why: "work is a child of someone; a detached task outlives its cause"),
        BannedWord(#"\btry!"#, why: "an error is handled or thrown; it does not end the process"),
        BannedWord(#"\bas!"#, why: "a cast that fails is an error, not a crash"),
        BannedWord(
            #"@unchecked\s+Sendable"#, why: "the compiler checks what threads share; use Mutex or an actor",
            exceptions: [
                "Sources/JarvisStore/ThreadExecutor.swift": (
                    1, "a POSIX semaphore is shared by address, which only a class with a pointer gives"
                ),
                "Sources/JarvisSQLite/Connection/LockedPlace.swift": (
                    1, "a Mutex lends its value for sending, which a connection that an actor's closure uses can't be"
                ),
            ]),
        BannedWord(#"nonisolated\(unsafe\)"#, why: "the compiler checks what threads share; use Mutex or an actor"),
        BannedWord(
            #"^\s*(@\w+\s+)*(public|open)\s"#, why: "there are no outside users; `package` is the widest level",
            exceptions: [
                "Sources/FaultPoints/FaultPoint.swift": (
                    5, "only what is public is inlined elsewhere, and so leaves nothing in a release build"
                )
            ]),
        BannedWord(#"@_exported"#, why: "an import is visible where it is used"),
    ]

    /// What a pure function can't call.
    static let inPureTargets = [
        BannedWord(#"\bDate\(\)|\bDate\.now\b|\.now\(\)|ContinuousClock|SuspendingClock"#, why: "time is a parameter"),
        BannedWord(
            #"\bUUID\(\)|\.random\(|SystemRandomNumberGenerator|\.randomElement\("#, why: "randomness is a parameter"),
        BannedWord(#"\bTask\s*(\.|\{)|\basync let\b|withTaskGroup"#, why: "it decides at once, on the caller's thread"),
        BannedWord(#"FileManager|ProcessInfo|\bgetenv\b"#, why: "the outside is reached through ports"),
    ]
}
