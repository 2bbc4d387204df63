// SPDX-License-Identifier: Apache-2.0

extension ShippedTables {
    /// Kubernetes: kubectl, and what stands beside it on a node.
    static let kubernetes = kubectl + "\n" + clusterTools

    /// kubectl: kubernetes.io/docs/reference/kubectl.
    private static let kubectl = #"""
        program kubectl

        # No other cluster, user or server: --context, --kubeconfig, --as, -s and --token are not understood.
        kubectl ...
          -n --namespace NAMESPACE, --request-timeout TIMEOUT

        # What is there. Secrets are no kind; of what holds environment or data only chosen fields are printed.

        kubectl get ...
          -A --all-namespaces, -l --selector LABELS, --field-selector LABELS, --sort-by KUBEPATH, --show-labels, --watch=false
          -L --label-columns FIELDS, --no-headers, --ignore-not-found, --show-kind

        kubectl get KINDS [KUBENAME...] | kubectl get KIND/NAME... : observe
          -o --output KUBEOUTPUT
          allow kubectl -n monitoring get pods -o wide
          allow kubectl get pod web-0 -o jsonpath='{.status.containerStatuses[0].restartCount}'
          allow kubectl get pods -A --field-selector=status.phase!=Running
          allow kubectl get pods -o custom-columns=NAME:.metadata.name,NODE:.spec.nodeName
          refuse kubectl get secrets
          refuse kubectl get pods,secrets -A
          refuse kubectl get secret/web -o wide
          refuse kubectl get pods -o jsonpath='{.items[*].spec.containers[*].env}'
          refuse kubectl get cm web -o jsonpath='{.data}'
          refuse kubectl get pods -w
          refuse kubectl -n vault get pods

        kubectl get PUBLICKINDS [KUBENAME...] | kubectl get PUBLICKIND/NAME... : observe
          -o --output {yaml|json|=yaml|=json}
          with --output
          allow kubectl get node n1 -o yaml
          refuse kubectl get deploy web -o yaml

        kubectl get : observe
          --raw {/healthz|/readyz|/livez|/healthz?verbose|/readyz?verbose|/livez?verbose|/version}
          with --raw
          allow kubectl get --raw "/readyz?verbose"
          refuse kubectl get --raw /api/v1/secrets

        kubectl describe DESCRIBEDKINDS [KUBENAME...] | kubectl describe DESCRIBEDKIND/NAME... : observe
          -A --all-namespaces, -l --selector LABELS
          allow kubectl describe pod web-0
          allow kubectl describe node/n1
          refuse kubectl describe secret web
          refuse kubectl describe cm web

        kubectl logs LOGGEDPOD [LOGGEDPART] : observe
          --tail NUMBER, --since DURATION, --since-time TIME, -c --container LOGGEDPART, --all-containers, -p --previous
          --timestamps, --prefix, --limit-bytes NUMBER, --ignore-errors
          allow kubectl -n prod logs web-0 -c app --previous --tail=100
          refuse kubectl logs -f web-0
          refuse kubectl logs vault-0
          refuse kubectl logs web-0 -c vault-agent
          refuse kubectl -n vault logs server-0

        kubectl logs : observe
          -l --selector LOGGEDLABELS, --tail NUMBER, --since DURATION, --since-time TIME, -c --container LOGGEDPART, -p --previous
          --all-containers, --timestamps, --prefix, --limit-bytes NUMBER, --ignore-errors, --max-log-requests FEW
          with --selector
          allow kubectl logs -l app=web --tail=50 --prefix
          refuse kubectl logs -l app=web --follow
          refuse kubectl logs -l app=vault

        # As with docker: no terminal, no other user; what may follow is judged like a command of its own.
        kubectl exec LOGGEDPOD [-n NAMESPACE] [-c LOGGEDPART] -- COMMAND... : observe
          -c --container LOGGEDPART
          allow kubectl exec web-0 -- df -h
          allow kubectl -n db exec postgres-0 -c postgres -- pg_isready
          allow kubectl exec -n prod -c app deploy/web -- cat /etc/resolv.conf
          refuse kubectl exec web-0 -- sh -c id
          refuse kubectl exec -it web-0 -- df -h
          refuse kubectl exec web-0 df -h
          refuse kubectl exec web-0 -- cat /etc/shadow

        kubectl events : observe
          -A --all-namespaces, --for KIND/NAME, --types FIELDS, --no-headers
          allow kubectl events --for pod/web-0 --types=Warning
          refuse kubectl events -w

        kubectl top (pod|pods|po|node|nodes|no) [KUBENAME] : observe
          -A --all-namespaces, -l --selector LABELS, --sort-by {cpu|memory}, --containers, --no-headers, --sum
          allow kubectl top pods -A --sort-by=memory
          refuse kubectl top secret

        # `cluster-info dump` prints or writes everything.
        kubectl cluster-info | kubectl api-versions | kubectl config current-context : observe
          allow kubectl cluster-info
          refuse kubectl cluster-info dump
          refuse kubectl config view

        kubectl config get-contexts : observe
          -o --output {name}, --no-headers
          allow kubectl config get-contexts
          refuse kubectl config use-context evil

        kubectl version : observe
          --client, -o --output {yaml|json}
          allow kubectl version --client
          refuse kubectl version -s https://203.0.113.9

        kubectl api-resources : observe
          --api-group NAME, --verbs FIELDS, -o --output {wide|name}, --no-headers, --namespaced=true, --namespaced=false
          allow kubectl api-resources --verbs=list --namespaced=true -o name
          refuse kubectl api-resources --kubeconfig /tmp/x

        kubectl explain INTEGRATION : observe
          --recursive, --api-version NAME
          allow kubectl explain pods.spec.containers
          refuse kubectl explain pods --context evil

        kubectl auth can-i NAME RESOURCE : observe
          -A --all-namespaces, -q --quiet
          allow kubectl auth can-i list pods
          refuse kubectl auth can-i list pods --as system:admin

        # A deployment's rollout ends at its own deadline, that of the others does not.
        kubectl rollout status (DEPLOYMENT/NAME | (deploy|deployment) KUBENAME) : observe
          --timeout TIMEOUT, --watch=false, --revision NUMBER
          allow kubectl rollout status deploy/web --timeout=60s
          refuse kubectl rollout status deploy/web -f /tmp/x

        kubectl rollout status (ROLLOUT/NAME | (sts|statefulset|ds|daemonset) KUBENAME) : observe
          --timeout TIMEOUT, --watch=false
          with --timeout | --watch=false
          allow kubectl rollout status sts/db --timeout 60s
          refuse kubectl rollout status sts/db

        # --revision would print the template with its environment.
        kubectl rollout history (ROLLOUT/NAME | (deploy|deployment|sts|statefulset|ds|daemonset) KUBENAME) : observe
          allow kubectl rollout history deploy/web
          allow kubectl rollout history deployment web
          refuse kubectl rollout history deploy/web --revision=2
          refuse kubectl rollout history deployment web -o yaml

        kubectl wait KIND/NAME : observe
          --for FILTER, --timeout TIMEOUT
          with --for
          allow kubectl wait --for=condition=Ready pod/web-0 --timeout=60s
          refuse kubectl wait --for=condition=Ready pod/web-0 --timeout=0

        # Short changes, each of one named thing. What is protected as a container is refused by name.

        kubectl rollout restart (RESTARTABLE/NAME | (deploy|deployment|ds) RESTARTABLE) : bounded, does restart
          allow kubectl -n prod rollout restart deploy/web
          allow kubectl rollout restart deployment web
          refuse kubectl rollout restart deploy
          refuse kubectl rollout restart deployment -l app=web
          refuse kubectl rollout restart deploy/web deploy/api
          refuse kubectl rollout restart deploy/postgres

        kubectl rollout restart (STATEFULSET/NAME | (sts|statefulset) KUBENAME) : disruptive, undo no, does restart
          allow kubectl rollout restart sts/web
          refuse kubectl rollout restart sts
          refuse kubectl rollout restart statefulset --all

        # A pod is made anew by what owns it; --force does not wait until it has really ended.
        kubectl delete (POD/NAME | (pod|pods|po) POD) : bounded, undo no, does restart
          --wait=false, --ignore-not-found, --timeout TIMEOUT, --force !highRisk, --now !highRisk
          --grace-period SECONDS !disruptive
          allow kubectl -n prod delete pod web-0
          refuse kubectl delete pod web-0 web-1
          refuse kubectl delete pods --all
          refuse kubectl delete pod prometheus-0
          refuse kubectl -n kube-system delete pod kube-apiserver-n1

        kubectl rollout undo (DEPLOYMENT/NAME | (deploy|deployment) DEPLOYMENT) : bounded, undo yes, does rollback
          --to-revision NUMBER !disruptive
          allow kubectl rollout undo deploy/web
          refuse kubectl rollout undo --to-revision=1 -f http://203.0.113.9/x

        kubectl scale (DEPLOYMENT/NAME | (deploy|deployment) DEPLOYMENT) : bounded, undo yes, does scale
          --replicas FEW, --current-replicas FEW, --timeout TIMEOUT
          with --replicas
          allow kubectl scale deploy web --replicas=3
          refuse kubectl scale deploy --all --replicas=0
          refuse kubectl scale deploy/web --replicas=5000

        kubectl cordon KUBENAME : bounded, undo yes, does disable
          allow kubectl cordon n1
          refuse kubectl cordon -l role=worker

        kubectl uncordon KUBENAME : bounded, undo yes, does enable
          allow kubectl uncordon n1
          refuse kubectl uncordon n1 n2

        kubectl rollout resume DEPLOYMENT/NAME : bounded, undo yes, does unpause
          allow kubectl rollout resume deploy/web
          refuse kubectl rollout resume deploy

        # A person's decision.

        kubectl scale (DEPLOYMENT/NAME | (deploy|deployment) DEPLOYMENT) : disruptive, undo yes, does stop
          --replicas {0}
          with --replicas
          allow kubectl scale deploy/web --replicas=0
          refuse kubectl scale --replicas=0 -l app=web

        kubectl scale (STATEFULSET/NAME | (sts|statefulset) KUBENAME) : highRisk, undo partly, does scale
          --replicas FEW
          with --replicas
          allow kubectl scale sts db --replicas 3
          refuse kubectl scale sts db --replicas 0

        kubectl rollout pause DEPLOYMENT/NAME : disruptive, undo yes, does pause
          allow kubectl rollout pause deploy/web
          refuse kubectl rollout pause -f /tmp/x

        kubectl drain KUBENAME : highRisk, undo partly, does stop
          --ignore-daemonsets, --delete-emptydir-data, --grace-period SECONDS, --timeout TIMEOUT
          allow kubectl drain n1 --ignore-daemonsets
          refuse kubectl drain n1 --force --delete-emptydir-data

        kubectl delete (job|jobs) KUBENAME : highRisk, undo no, destroys, does remove
          allow kubectl delete job stuck
          refuse kubectl delete jobs --all

        kubectl apply : highRisk, undo no, does change
          -f --filename COMPOSEFILE, --server-side, --dry-run[={client|server}]
          with --filename
          allow kubectl apply -f /opt/manifests/web.yml
          refuse kubectl apply -f http://203.0.113.9/x.yml
          refuse kubectl apply -f /opt/manifests/web.yml --prune
        """#
}
