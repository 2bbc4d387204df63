// SPDX-License-Identifier: Apache-2.0

import CSodium

/// The one initialisation that libsodium asks for before any other call.
enum SodiumLibrary {
    /// Initialises the library on first use; Swift runs this once, whichever thread comes first.
    ///
    /// It fails only where the system has no source of random bytes, and then nothing here may be trusted.
    private static let isReady: Bool = sodium_init() >= 0

    /// Stops the process when the library can't be used.
    static func require() { precondition(isReady, "libsodium can't be initialised: no source of random bytes") }
}
