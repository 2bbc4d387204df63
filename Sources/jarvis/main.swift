// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import JarvisGuard

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

// Before anything is awaited: the guard blocks signals for its one thread, and a second one would take them.
if CommandLine.arguments.dropFirst().first == "guard" {
    exit(GuardProgram(.ofJarvis).run(Array(CommandLine.arguments.dropFirst(2))))
}
await Jarvis.start()
