// SPDX-License-Identifier: Apache-2.0

import JarvisGuard

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

exit(GuardProgram(.alone).run(Array(CommandLine.arguments.dropFirst())))
