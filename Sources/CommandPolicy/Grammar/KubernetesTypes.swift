// SPDX-License-Identifier: Apache-2.0

extension OperandType {
    /// Kubernetes' resources and kubectl's output formats.
    ///
    /// Secrets are no kind here; of objects that hold environment or configuration only chosen fields are printed.
    static let kubernetesTypes: [OperandType] = [
        OperandType("KUBENAME", "a resource's name", target: .workload) { isKubeName($0) },
        OperandType("KINDS", "kinds of resources such as pods or deploy,svc") { word in
            word == "all" || isList(word) { isKind($0, in: [described, undescribed]) }
        },
        OperandType("KIND/NAME", "a resource such as pod/web-0", target: .workload) { word in
            isReference(word) { isKind($0, in: [described, undescribed]) }
        },
        OperandType("DESCRIBEDKINDS", "kinds of resources that may be described") { word in
            isList(word) { isKind($0, in: [described]) }
        },
        OperandType("DESCRIBEDKIND/NAME", "a resource that may be described", target: .workload) { word in
            isReference(word) { isKind($0, in: [described]) }
        },
        OperandType("PUBLICKINDS", "kinds of resources that hold no environment and no configuration") { word in
            isList(word) { isKind($0, in: [printed]) }
        },
        OperandType("PUBLICKIND/NAME", "a resource that holds no environment and no configuration", target: .workload) {
            word in
            isReference(word) { isKind($0, in: [printed]) }
        },
        OperandType("LOGGEDPOD", "a pod or workload whose log holds no secrets", target: .workload) { word in
            (isKubeName(word) || isReference(word) { isKind($0, in: [logged]) }) && !isSecretStore(word)
        },
        // What lies in Jarvis' own namespace is protected like Jarvis; a store's log would hold its keys.
        OperandType("NAMESPACE", "a namespace of no store of secrets") { isKubeName($0) && !isSecretStore($0) }
            .lying(in: .workload),
        OperandType("LOGGEDPART", "a container of a pod whose log holds no secrets") {
            isKubeName($0) && !isSecretStore($0)
        },
        OperandType("LOGGEDLABELS", "a label selector such as app=web, of no store of secrets") { word in
            word.utf8.count <= 256 && word.isMade(of: "_.-/=!,", first: "") && !isSecretStore(word)
        },
        // What is protected as a container is protected here too; a pod's name begins with its workload's.
        OperandType("POD", "a pod's name, of nothing that is protected", target: .workload) {
            word, settings throws(Refusal) in
            guard isKubeName(word) else { throw Refusal("\(Refusal.show(word)) is not a pod's name") }
            try checkUnprotected(word, settings.protection, orWatcher: false)
        },
        OperandType("POD/NAME", "a pod such as pod/web-0, of nothing that is protected", target: .workload) {
            word, settings throws(Refusal) in
            try checkReference(word, to: ["pod", "pods", "po"], settings.protection, orWatcher: false)
        },
        OperandType("DEPLOYMENT", "a deployment's name that is not protected", target: .workload) {
            word, settings throws(Refusal) in
            guard isKubeName(word) else { throw Refusal("\(Refusal.show(word)) is not a deployment's name") }
            try checkUnprotected(word, settings.protection, orWatcher: false)
        },
        OperandType("DEPLOYMENT/NAME", "a deployment such as deploy/web that is not protected", target: .workload) {
            word, settings throws(Refusal) in
            try checkReference(word, to: deployments, settings.protection, orWatcher: false)
        },
        OperandType("RESTARTABLE", "a name that is not protected", target: .workload) {
            word, settings throws(Refusal) in
            guard isKubeName(word) else { throw Refusal("\(Refusal.show(word)) is not a resource's name") }
            try checkUnprotected(word, settings.protection, orWatcher: true)
        },
        OperandType("RESTARTABLE/NAME", "a deploy/… or ds/… that is not protected", target: .workload) {
            word, settings throws(Refusal) in
            try checkReference(word, to: deployments.union(daemonSets), settings.protection, orWatcher: true)
        },
        OperandType("STATEFULSET/NAME", "a stateful set such as sts/web", target: .workload) { word in
            isReference(word) { isKind($0, in: [statefulSets]) }
        },
        OperandType("ROLLOUT/NAME", "a deploy/…, ds/… or sts/…", target: .workload) { word in
            isReference(word) { isKind($0, in: [deployments, daemonSets, statefulSets]) }
        },
        OperandType("KUBEOUTPUT", "wide, name, or a jsonpath or columns of public fields") {
            KubernetesFields.isOutput($0)
        },
        OperandType("KUBEPATH", "a field such as .metadata.name") { word in
            word.utf8.count <= 128 && word.utf8.first != UInt8(ascii: "-")
                && word.utf8.allSatisfy { isASCIILetterOrDigit($0) || ".{}[]".utf8.contains($0) }
        },
        OperandType("TIMEOUT", "a time limit such as 60s or 5m") { word in
            let digits = word.prefix { $0.isASCII && $0.isNumber }
            return (1...4).contains(digits.count) && digits.first != "0"
                && ["", "s", "m"].contains(word.dropFirst(digits.count))
        },
    ]

    private static let deployments: Set<String> = ["deploy", "deployment", "deployments"]
    private static let daemonSets: Set<String> = ["ds", "daemonset", "daemonsets"]
    private static let statefulSets: Set<String> = ["sts", "statefulset", "statefulsets"]
    private static let logged: Set<String> = deployments.union(daemonSets).union(statefulSets).union([
        "pod", "pods", "po", "job", "jobs", "rs", "replicaset", "svc", "service",
    ])
    /// Neither environment nor configuration: they may be printed whole.
    private static let printed: Set<String> = [
        "no", "node", "nodes", "ev", "event", "events", "ns", "namespace", "namespaces", "svc", "service", "services",
        "ep", "endpoints", "endpointslice", "endpointslices", "ing", "ingress", "ingresses", "netpol", "networkpolicy",
        "networkpolicies", "pvc", "persistentvolumeclaim", "persistentvolumeclaims", "sc", "storageclass",
        "storageclasses", "hpa", "horizontalpodautoscaler", "horizontalpodautoscalers", "pdb", "poddisruptionbudget",
        "poddisruptionbudgets", "quota", "resourcequota", "resourcequotas", "limits", "limitrange", "limitranges",
        "pc", "priorityclass", "priorityclasses", "lease", "leases", "ingressclass", "ingressclasses",
    ]
    /// What is described shows environment variables as they are written; known secrets are dropped from output.
    private static let described: Set<String> = printed.union(logged).union([
        "pv", "persistentvolume", "persistentvolumes", "replicasets", "cj", "cronjob", "cronjobs", "certificate",
        "certificates", "cert", "certificaterequest", "certificaterequests", "cr", "order", "orders", "challenge",
        "challenges", "volumeattachment", "volumeattachments", "csinode", "csinodes", "apiservice", "apiservices",
        "sa", "serviceaccount", "serviceaccounts", "servicemonitor", "servicemonitors", "smon", "podmonitor",
        "podmonitors", "pmon", "prometheusrule", "prometheusrules", "promrule", "volumesnapshot", "volumesnapshots",
        "csr", "certificatesigningrequest", "certificatesigningrequests",
    ])
    /// Only listed.
    private static let undescribed: Set<String> = [
        "cm", "configmap", "configmaps", "crd", "crds", "customresourcedefinition", "customresourcedefinitions",
        "clusterissuer", "clusterissuers", "issuer", "issuers", "helmrelease", "helmreleases", "hr", "kustomization",
        "kustomizations", "ks", "ingressroute", "ingressroutes", "cs", "componentstatuses", "prometheus",
        "prometheuses", "alertmanager", "alertmanagers", "role", "roles", "rolebinding", "rolebindings",
        "clusterrole", "clusterroles", "clusterrolebinding", "clusterrolebindings", "mutatingwebhookconfigurations",
        "validatingwebhookconfigurations",
    ]

    /// Also with its group, `deployments.apps`.
    private static func isKind(_ word: Substring, in sets: [Set<String>]) -> Bool {
        let plain = word.hasSuffix(".apps") ? word.dropLast(5) : word.hasSuffix(".batch") ? word.dropLast(6) : word
        return sets.contains { $0.contains(String(plain)) }
    }

    private static func isList(_ word: String, of isKind: (Substring) -> Bool) -> Bool {
        let parts = word.split(separator: ",", omittingEmptySubsequences: false)
        return parts.count <= 12 && parts.allSatisfy(isKind)
    }

    private static func isReference(_ word: String, to isKind: (Substring) -> Bool) -> Bool {
        let parts = word.split(separator: "/", omittingEmptySubsequences: false)
        return parts.count == 2 && isKind(parts[0]) && isKubeName(String(parts[1]))
    }

    /// A DNS subdomain (RFC 1123).
    private static func isKubeName(_ word: String) -> Bool {
        word.utf8.count <= 253 && word.utf8.first.map(isLowerOrDigit) == true
            && word.utf8.allSatisfy { isLowerOrDigit($0) || ".-".utf8.contains($0) }
    }

    private static func checkReference(
        _ word: String, to kinds: Set<String>, _ protection: Protection, orWatcher: Bool
    ) throws(Refusal) {
        guard isReference(word, to: { isKind($0, in: [kinds]) }), let slash = word.firstIndex(of: "/") else {
            throw Refusal("\(Refusal.show(word)) is not such as \(kinds.sorted()[0])/web")
        }
        try checkUnprotected(String(word[word.index(after: slash)...]), protection, orWatcher: orWatcher)
    }

    /// No beginning of the name, up to a `-`, is a protected container's name.
    private static func checkUnprotected(_ name: String, _ protection: Protection, orWatcher: Bool) throws(Refusal) {
        var beginning = ""
        for part in name.split(separator: "-", omittingEmptySubsequences: false) {
            beginning += beginning.isEmpty ? part : "-" + part
            guard let level = protection.level(.workload, beginning) else { continue }
            guard orWatcher, level == .watcher else { throw Refusal("\(Refusal.show(name)) is protected") }
        }
    }
}

/// Which fields of a resource may be picked: state, chosen metadata, chosen parts of the specification; never
/// environment, arguments, data or annotations, which repeat the whole specification.
private enum KubernetesFields {
    private static let metadata: Set<Substring> = [
        "name", "namespace", "creationTimestamp", "deletionTimestamp", "generation", "labels", "finalizers",
        "ownerReferences", "uid",
    ]
    private static let ofStates: Set<Substring> = [
        "status", "reason", "message", "type", "count", "lastTimestamp", "firstTimestamp", "involvedObject", "ready",
        "restartCount", "state", "lastState",
    ]
    private static let inSpecifications: Set<Substring> = [
        "nodeName", "replicas", "image", "name", "schedule", "suspend", "type", "clusterIP", "ports", "port",
        "targetPort", "nodePort", "storageClassName", "volumeName", "capacity", "storage", "taints", "unschedulable",
        "restartPolicy", "serviceAccountName", "selector", "host", "podCIDR", "accessModes", "minReplicas",
        "maxReplicas", "completions", "parallelism", "memory", "cpu", "requests", "limits", "resources",
    ]
    private static let secret: Set<Substring> = ["env", "envFrom", "args", "command", "data", "stringData"]

    static func isOutput(_ word: String) -> Bool {
        guard word.utf8.count <= 512, word.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else { return false }
        let format = word.after("=") ?? word
        if format == "wide" || format == "name" { return true }
        if let template = format.after("jsonpath=") { return isTemplate(template) }
        guard let columns = format.after("custom-columns=") else { return false }
        return columns.split(separator: ",", omittingEmptySubsequences: false).allSatisfy { column in
            let parts = column.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty, parts[0].allSatisfy({ $0.isLetter || $0 == "_" }) else {
                return false
            }
            return isField(parts[1])
        }
    }

    /// Text and `{…}`, each a field, a quoted separator, `range` over items or a part of the state, or `end`.
    private static func isTemplate(_ template: String) -> Bool {
        var rest = template[...]
        while let open = rest.firstIndex(of: "{") {
            guard let close = rest[open...].firstIndex(of: "}") else { return false }
            let action = rest[rest.index(after: open)..<close].trimmed
            rest = rest[rest.index(after: close)...]
            if action == "end" || isSeparator(action) { continue }
            if let path = action.after("range ") {
                guard let names = names(path[...]), names.isEmpty || names[0] == "status" else { return false }
            } else if !isField(action) {
                return false
            }
        }
        return !rest.contains("}")
    }

    private static func isSeparator(_ text: Substring) -> Bool {
        guard text.count >= 2, text.first == "\"" || text.first == "'", text.first == text.last else { return false }
        let inner = text.dropFirst().dropLast()
        return !inner.contains("\"") && !inner.contains("'")
    }

    private static func isField(_ path: Substring) -> Bool {
        guard let names = names(path), let first = names.first, !names.contains(where: secret.contains) else {
            return false
        }
        if first == "metadata" { return names.count > 1 && metadata.contains(names[1]) }
        if first == "spec" { return names.last.map(inSpecifications.contains) == true }
        return ofStates.contains(first) || (names.count == 1 && first == "name")
    }

    /// The names of a path such as `.status.conditions[?(@.type=="Ready")].status`, without `.items[*]` in front; nil
    /// for recursion, wildcards and unions.
    private static func names(_ path: Substring) -> [Substring]? {
        var names: [Substring] = []
        var rest = path.trimmed
        while let first = rest.first {
            if first == "[" {
                guard !names.isEmpty, let close = rest.firstIndex(of: "]") else { return nil }
                let index = rest[rest.index(after: rest.startIndex)..<close]
                let isNumber = !index.isEmpty && index.allSatisfy { $0.isASCII && $0.isNumber }
                guard index == "*" || isNumber || isTest(index) else { return nil }
                rest = rest[rest.index(after: close)...]
                guard rest.isEmpty || rest.first == "." || rest.first == "[" else { return nil }
            } else {
                if first == "." { rest = rest.dropFirst() } else if !names.isEmpty { return nil }
                let name = rest.prefix { $0.isASCII && ($0.isLetter || $0.isNumber) }
                guard !name.isEmpty else { return nil }
                names.append(name)
                rest = rest.dropFirst(name.count)
            }
        }
        if names.first == "items" { names.removeFirst() }
        return names
    }

    /// Whether it is a test such as `?(@.type=="Ready")`.
    private static func isTest(_ text: Substring) -> Bool {
        guard let inner = text.after("?(@."), inner.hasSuffix("\")") else { return false }
        let parts = inner.dropLast(2).split(separator: "=", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[1].isEmpty, parts[2].first == "\"" else { return false }
        return ["type", "name", "status", "phase", "reason"].contains(parts[0])
            && parts[2].dropFirst().allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
    }
}
