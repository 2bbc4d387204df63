// SPDX-License-Identifier: Apache-2.0

package import JarvisCore

/// Labels as people of the trade write them.
package enum SeriesName {
    /// `up{instance="a",job="b"}`, made safe for a terminal; `{}` where there is no label.
    package static func text(_ labels: LabelSet) -> String {
        let name = labels["__name__"]?.display() ?? ""
        let others = labels.sorted.filter { $0.name != "__name__" }.map { label in
            "\(UntrustedText(label.name).display())=\"\(UntrustedText(label.value).display())\""
        }
        return name.isEmpty || !others.isEmpty ? "\(name){\(others.joined(separator: ","))}" : name
    }
}
