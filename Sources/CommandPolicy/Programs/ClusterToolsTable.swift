// SPDX-License-Identifier: Apache-2.0

extension ShippedTables {
    /// K3s' and Helm's own commands that read, and crictl.
    static let clusterTools = #"""
        # K3s: the programs it brings under their own names, and what it says about itself.

        program k3s

        k3s COMMAND... : observe
          allow k3s kubectl get nodes
          refuse k3s kubectl get secrets
          refuse k3s kubectl exec web-0 -- sh
          refuse k3s server --cluster-reset

        k3s check-config | k3s etcd-snapshot ls | k3s etcd-snapshot list | k3s certificate check : observe
          allow k3s etcd-snapshot ls
          refuse k3s etcd-snapshot delete x
          refuse k3s token create

        k3s : observe
          -v --version
          with --version
          allow k3s --version
          refuse k3s secrets-encrypt status

        program crictl

        crictl ps : observe
          -a --all, -q --quiet, -l --latest, -n --last NUMBER, --no-trunc, --name NAME, -p --pod NAME
          -s --state {running|exited|created|unknown}, -o --output {table|json|yaml}
          allow crictl ps -a --name web
          refuse crictl --runtime-endpoint unix:///tmp/x ps

        crictl pods : observe
          -q --quiet, -l --latest, -n --last NUMBER, --no-trunc, --name NAME, --namespace NAME
          -s --state {ready|notready}, -o --output {table|json|yaml}
          allow crictl pods --namespace prod
          refuse crictl pods -c /tmp/x

        crictl images | crictl image | crictl img : observe
          -q --quiet, --digests, --no-trunc, -o --output {table|json|yaml}
          allow crictl images
          refuse crictl pull evil

        crictl logs LOGGEDCONTAINER : observe
          --tail NUMBER, --since TIME, -t --timestamps, -p --previous, --limit-bytes NUMBER
          allow crictl logs --tail 50 abc123
          refuse crictl logs -f abc123

        crictl stats [CONTAINER] | crictl statsp [CONTAINER] : observe
          -a --all, -o --output {table|json|yaml}
          allow crictl stats
          refuse crictl stats --watch

        # `info` and `inspect` print whole configurations.
        crictl version | crictl imagefsinfo : observe
          allow crictl version
          refuse crictl info

        crictl stop CONTAINER : disruptive, undo no, does stop
          -t --timeout SECONDS
          allow crictl stop abc123
          refuse crictl rmp -fa

        crictl rmi : disruptive, undo partly, does prune
          -q --prune
          with --prune
          allow crictl rmi --prune
          refuse crictl rmi --all

        program helm

        helm ...
          -n --namespace NAMESPACE

        helm list | helm ls : observe
          -A --all-namespaces, -a --all, -q --short, -d --date, -r --reverse, -m --max NUMBER, -l --selector LABELS
          --failed, --deployed, --pending, --uninstalled, --superseded, -o --output {table|json|yaml}, -f --filter TEXT
          allow helm list -A --failed
          refuse helm list --kube-context evil

        # As JSON it would print the values.
        helm status WORKLOAD : observe
          --revision NUMBER, --show-resources, --show-desc
          allow helm -n prod status web
          refuse helm status web -o json
          refuse helm get values web

        helm history WORKLOAD | helm hist WORKLOAD : observe
          --max NUMBER, -o --output {table|json|yaml}
          allow helm history web --max 5
          refuse helm history web --kubeconfig /tmp/x

        helm version : observe
          --short
          allow helm version
          refuse helm version --template x

        helm rollback WORKLOAD [NUMBER] : highRisk, undo partly, does rollback
          --wait, --timeout TIMEOUT
          allow helm rollback web 3 --wait
          refuse helm rollback web 3 --force
          refuse helm uninstall web
        """#
}
