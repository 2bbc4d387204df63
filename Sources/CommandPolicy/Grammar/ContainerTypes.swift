// SPDX-License-Identifier: Apache-2.0

extension OperandType {
    /// Containers, their images and virtual machines, where the general types would accept too much.
    static let containerTypes: [OperandType] = [
        // What is changed is named, because protection goes by names: Docker also takes the beginning of an ID. A few
        // letters (db, cafe) are far likelier a name, which Docker looks for first.
        OperandType("CONTAINERNAME", "a container's name", target: .container) { word, _ throws(Refusal) in
            guard (try? ContainerName(word)) != nil, !isContainerID(word) else {
                throw Refusal("\(Refusal.show(word)) is not a container's name; an ID is not accepted")
            }
        },
        OperandType("LOGGEDCONTAINER", "a container whose log holds no secrets", target: .container) { word in
            (try? ContainerName(word)) != nil && !isSecretStore(word)
        },
        OperandType("LOGGEDSTACK", "a compose service whose log holds no secrets", target: .stack) { word in
            (try? ContainerName(word)) != nil && !isSecretStore(word)
        },
        // What lies in Jarvis' own project is protected like Jarvis; of a store of secrets also the log would be shown.
        OperandType("PROJECT", "a compose project's name") { word in
            word.utf8.count <= 64 && word.isMade(of: "_-", first: "_") && !isSecretStore(word)
        }.lying(in: .stack),
        OperandType("CONTAINERPORT", "a port such as 80 or 80/tcp") { word in
            let parts = word.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
            return isNumber(parts[0]) && (parts.count == 1 || ["tcp", "udp", "sctp"].contains(parts[1]))
        },
        OperandType("CONTAINERFILTER", "a filter such as status=exited or name=^web$") { word in
            word.utf8.count <= 256 && word.isMade(of: "_.-/:=,!<>@^$", first: "") && word.utf8.contains(0x3D)
        },
        OperandType("TAIL", "a number of lines, or all") { $0 == "all" || isNumber($0[...]) },
        OperandType("PINNEDIMAGE", "an image of a known registry with a version or digest", target: .image) {
            isKnownImage($0, pinned: true)
        },
        OperandType("FLOATINGIMAGE", "an image of a known registry", target: .image) {
            isKnownImage($0, pinned: false)
        },
        // For an option that means something else, without a value, at this place.
        OperandType("NEVER", "understood here") { _ in false },
        OperandType("PVEPATH", "a path of Proxmox VE's states") { word in
            if ["/version", "/nodes", "/storage"].contains(word) { return true }
            let parts = word.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map(String.init)
            guard word.first == "/", word.utf8.count <= 128,
                parts.allSatisfy({ $0.isMade(of: "-", first: "") })
            else { return false }
            if parts[0] == "cluster", parts.count >= 2 {
                return parts.dropFirst() == ["ha", "status", "current"]
                    || (parts.count == 2 && ["resources", "status", "tasks"].contains(parts[1]))
            }
            guard parts[0] == "nodes", parts.count >= 3 else { return false }
            if parts.count == 3 {
                return ["status", "version", "time", "services", "storage", "qemu", "lxc", "tasks"].contains(parts[2])
            }
            return ["qemu", "lxc"].contains(parts[2]) && parts.count >= 5
                && parts[3].utf8.allSatisfy { (0x30...0x39).contains($0) }
                && (parts.dropFirst(4) == ["status", "current"] || parts.dropFirst(4) == ["snapshot"])
        },
        OperandType("VMID", "a guest's number from 100", target: .workload) { isNumber($0[...]) && $0.utf8.count >= 3 },
        OperandType("DOMAIN", "a virtual machine's name", target: .workload) { word in
            word.utf8.count <= 128 && word.isMade(of: "_.-", first: "")
        },
    ]

    /// Registries that images may be pulled from; without one, Docker Hub is meant.
    private static let registries: Set<Substring> = [
        "docker.io", "ghcr.io", "lscr.io", "quay.io", "gcr.io", "registry.k8s.io", "mcr.microsoft.com",
        "public.ecr.aws", "codeberg.org", "registry.gitlab.com", "docker.n8n.io",
    ]

    /// `[REGISTRY/]NAME[:TAG][@sha256:DIGEST]`; pinned is what has a digest or a tag with a number in it.
    private static func isKnownImage(_ word: String, pinned: Bool) -> Bool {
        guard word.utf8.count <= 256 else { return false }
        let halves = word.split(separator: "@", omittingEmptySubsequences: false)
        guard halves.count <= 2 else { return false }
        if halves.count == 2 {
            guard let digest = halves[1].after("sha256:"), digest.utf8.count == 64,
                digest.utf8.allSatisfy(isLowerHexadecimal)
            else { return false }
        }
        var segments = halves[0].split(separator: "/", omittingEmptySubsequences: false)
        if segments.count > 1, segments[0].contains(".") || segments[0].contains(":") || segments[0] == "localhost" {
            guard registries.contains(segments.removeFirst()) else { return false }
        }
        guard let last = segments.popLast() else { return false }
        let parts = last.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count <= 2, (segments + [parts[0]]).allSatisfy({ isImageName($0) }) else { return false }
        guard parts.count == 2 else { return pinned == (halves.count == 2) }
        let hasNumber = parts[1].utf8.contains { (0x30...0x39).contains($0) }
        return String(parts[1]).isMade(of: "_.-", first: "_") && pinned == (halves.count == 2 || hasNumber)
    }

    private static func isImageName(_ text: Substring) -> Bool {
        !text.isEmpty && text.utf8.first.map(isLowerOrDigit) == true
            && text.utf8.allSatisfy { isLowerOrDigit($0) || "_.-".utf8.contains($0) }
    }

    /// Stores of secrets write keys into their logs, such as Vault's root token in its development mode.
    static func isSecretStore(_ name: String) -> Bool {
        let words = name.lowercased().split { !$0.isLetter }
        return words.contains { ["vault", "openbao", "bao", "infisical", "secret", "secrets"].contains($0) }
    }

    /// The beginning of an ID: hexadecimal with a digit, or longer than a word that happens to have only such letters.
    private static func isContainerID(_ word: String) -> Bool {
        word.utf8.allSatisfy(isLowerHexadecimal)
            && (word.utf8.count > 8 || word.utf8.contains { (0x30...0x39).contains($0) })
    }

    private static func isLowerHexadecimal(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }

    private static func isNumber(_ text: Substring) -> Bool {
        (1...9).contains(text.utf8.count) && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
            && (text.utf8.count == 1 || text.utf8.first != 0x30)
    }
}
