// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

extension Silence {
    /// Which service is to be asked about it; nil: any, because there is nothing of it yet, or its record is older.
    package var whereabouts: APIService? { pending?.service ?? service }

    /// Why nothing may be asked about it now; nil: the configured service is the right one.
    ///
    /// What another service says about a silence is no evidence, and what is sent there ends nothing. So nothing is
    /// given up either: whoever puts the address back has it taken up again.
    package func obstacle(configured: APIService?) -> String? {
        let place: String
        switch (whereabouts, configured) {
        case (nil, .some): return nil
        case (nil, nil):
            return "no Alertmanager is configured any more: set alertmanager.url, and it is gone on with"
        case (let made?, let now?):
            guard made != now else { return nil }
            place = "made at \(shown(made)); configured is \(shown(now))"
        case (let made?, nil): place = "made at \(shown(made)); no Alertmanager is configured any more"
        }
        return "\(place): set alertmanager.url to the first again until this is over, or end it there by hand; by "
            + "itself it ends at \(RFC3339.format(endsAt))"
    }

    private func shown(_ service: APIService) -> String { UntrustedText(service.address).display(limit: 300) }
}
