// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

exit(GuardProgram.run(Array(CommandLine.arguments.dropFirst())))
