// SPDX-License-Identifier: Apache-2.0

import DurableQueue
import JarvisCore

/// The store's faults as the queue sees them: what may pass is tried again, what can't is given up with its reason.
extension StoreError: JobError {}
