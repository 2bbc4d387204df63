// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The folder with the guard's memory; whoever else could write it could have requests accepted twice.
struct StateFolder: Sendable {
    static let usualPath = "/var/lib/jarvis-guard"
    let path: String

    /// Makes the folder where it is missing, and checks that it is this user's alone.
    init(_ path: String) throws(GuardError) {
        guard path.hasPrefix("/") else { throw GuardError("\(path): it is not an absolute path") }
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw .system(path) }
        var status = stat()
        guard lstat(path, &status) == 0 else { throw .system(path) }
        guard status.st_mode & S_IFMT == S_IFDIR, status.st_uid == geteuid(), status.st_mode & 0o077 == 0 else {
            throw GuardError("\(path): it must be a folder of mode 700 that belongs to the login Jarvis uses")
        }
        self.path = path
    }

    /// Runs `body` while no other guard does.
    func locked<Value>(_ body: () throws -> Value) throws -> Value {
        let lock = try Descriptor(opening: path + "/lock", O_RDWR | O_CREAT | O_NOFOLLOW)
        var status: Int32
        repeat { status = flock(lock.number, LOCK_EX) } while status != 0 && errno == EINTR
        guard status == 0 else { throw GuardError.system(path + "/lock") }
        defer { flock(lock.number, LOCK_UN) }
        return try body()
    }

    /// What was remembered; a fresh state where there is none, an error where it can't be read.
    func load() throws(GuardError) -> GuardState {
        let file = path + "/state"
        guard access(file, F_OK) == 0 else { return GuardState() }
        let text = try Descriptor(opening: file, O_RDONLY | O_NOFOLLOW).text(limit: 1 << 20, of: file)
        guard let state = GuardState(text: text) else {
            throw GuardError("\(file): it is damaged; look why, then run reset-token")
        }
        return state
    }

    /// Makes a state durable before anything is done on the strength of it.
    func store(_ state: GuardState) throws(GuardError) { try replace("state", with: state.text) }

    /// Replaces a file in one step: afterwards it is the old one or the whole new one, durably.
    func replace(_ name: String, with text: String) throws(GuardError) {
        let temporary = "\(path)/.\(name).\(getpid())"
        unlink(temporary)
        do throws(GuardError) {
            let file = try Descriptor(opening: temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW)
            guard Descriptor.write(text, to: file.number), fsync(file.number) == 0 else { throw .system(temporary) }
        } catch {
            unlink(temporary)
            throw error
        }
        guard rename(temporary, "\(path)/\(name)") == 0 else {
            let error = GuardError.system("\(path)/\(name)")
            unlink(temporary)
            throw error
        }
        try sync()
    }

    /// Makes removed and renamed names durable.
    func sync() throws(GuardError) {
        let folder = try Descriptor(opening: path, O_RDONLY | O_DIRECTORY)
        guard fsync(folder.number) == 0 else { throw .system(path) }
    }

    /// The names in the folder that begin so.
    func names(beginning prefix: String) -> [String] {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name.hasPrefix(prefix) { names.append(name) }
        }
        return names.sorted()
    }
}
