// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Slows a server's thread down; never used by a test itself.
func pause(milliseconds: UInt32) { usleep(milliseconds * 1000) }
