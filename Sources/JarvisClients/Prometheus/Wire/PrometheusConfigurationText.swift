// SPDX-License-Identifier: Apache-2.0
/// Reads the `global` section of the configuration that Prometheus prints.
///
/// Prometheus writes this text itself, always in the same plain form, so that lines are enough; whatever is not in that
/// form is refused rather than guessed.
enum PrometheusConfigurationText {
    static func settings(_ yaml: String) throws(PrometheusError) -> PrometheusSettings {
        var intervals: [String: Duration] = [:]
        var externalLabels: [String: String] = [:]
        var isInLabels = false
        for line in globalSection(yaml) {
            let indentation = line.prefix { $0 == " " }.count
            guard let (key, value) = keyAndValue(line.dropFirst(indentation)) else { continue }
            if indentation == 2 {
                isInLabels = key == "external_labels"
                if key.hasSuffix("_interval") { intervals[key] = PrometheusDuration.parse(value) }
            } else if isInLabels {
                guard let key = scalar(key), let value = scalar(value) else {
                    throw .decode(path: "data.yaml.global.external_labels")
                }
                externalLabels[key] = value
            }
        }
        guard let scrape = intervals["scrape_interval"], let evaluation = intervals["evaluation_interval"] else {
            throw .decode(path: "data.yaml.global")
        }
        return PrometheusSettings(
            scrapeInterval: scrape, evaluationInterval: evaluation, externalLabels: externalLabels)
    }

    private static func globalSection(_ yaml: String) -> some Sequence<Substring> {
        yaml.split(separator: "\n").drop { $0 != "global:" }.dropFirst().prefix { $0.hasPrefix(" ") }
    }

    private static func keyAndValue(_ line: Substring) -> (key: String, value: String)? {
        guard let colon = line.firstIndex(of: ":") else { return nil }
        let value = line[line.index(after: colon)...].drop { $0 == " " }
        return (String(line[..<colon]), String(value))
    }

    /// A plain, single-quoted or simple double-quoted scalar.
    private static func scalar(_ text: String) -> String? {
        guard let first = text.first else { return "" }
        switch first {
        case "'", "\"":
            guard text.count >= 2, text.last == first else { return nil }
            let inner = String(text.dropFirst().dropLast())
            if first == "\"" { return inner.contains("\\") || inner.contains("\"") ? nil : inner }
            let parts = inner.split(separator: "''", omittingEmptySubsequences: false)
            return parts.contains { $0.contains("'") } ? nil : parts.joined(separator: "'")
        case "|", ">", "&", "*", "!", "{", "[", "%", "@", "`": return nil
        default: return text
        }
    }
}
