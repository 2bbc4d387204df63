// SPDX-License-Identifier: Apache-2.0
// A feature name that the compiler does not know is ignored in silence; this makes it an error.
#if !hasFeature(ExistentialAny)
    #error("ExistentialAny is off: look at the feature names in Package.swift")
#endif
#if !hasFeature(MemberImportVisibility)
    #error("MemberImportVisibility is off: look at the feature names in Package.swift")
#endif
#if !hasFeature(InternalImportsByDefault)
    #error("InternalImportsByDefault is off: look at the feature names in Package.swift")
#endif
#if !hasFeature(NonisolatedNonsendingByDefault)
    #error("NonisolatedNonsendingByDefault is off: look at the feature names in Package.swift")
#endif
