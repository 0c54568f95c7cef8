#include "manifests.hpp"

namespace beta::manifest {
namespace {

struct Broken {
    std::string name;
    std::string from;
    std::string to;
    Codes codes;
};

TEST_CASE("a deployment of Kubernetes that keeps the walls passes every check") {
    const auto deployment = loaded(kubernetes);
    CHECK(failures(deployment) == Codes{});
    CHECK(deployment.containers.size() == 3);
    CHECK(deployment.passed_over.empty());
    for (const Check& check : verify(deployment)) {
        CAPTURE(check.code);
        const bool of_nothing = check.code == "DOORS" || check.code == "SECRET_CONTENTS";
        CHECK(check.findings.empty() == of_nothing);
        for (const Finding& finding : check.findings) {
            CAPTURE(finding.subject, finding.found);
            CHECK(finding.place.line > 0);
        }
    }
}

TEST_CASE("each wall that is taken down in a pod is found") {
    const std::string app = "r.example/pay" + digest;
    const auto row = GENERATE_COPY(values<Broken>({
        {"a tag", app, "r.example/pay:1", {"IMAGE_DIGEST"}},
        {"root", "runAsUser: 65532", "runAsUser: 0", {"USER"}},
        {"a user that only is not root", "runAsUser: 65532", "runAsNonRoot: true", {"USER"}},
        {"a container of its own user",
         "allowPrivilegeEscalation: false",
         "allowPrivilegeEscalation: false\n            runAsUser: 0",
         {"USER"}},
        {"a root that is written to",
         "readOnlyRootFilesystem: true",
         "readOnlyRootFilesystem: false",
         {"READ_ONLY_ROOT"}},
        {"capabilities kept", "drop: [ALL]", "drop: [CHOWN]", {"CAPABILITIES_DROPPED"}},
        {"a capability added",
         "drop: [ALL]",
         "drop: [ALL], add: [NET_RAW]",
         {"CAPABILITIES_ADDED"}},
        {"privileged",
         "allowPrivilegeEscalation: false",
         "allowPrivilegeEscalation: false\n            privileged: true",
         {"PRIVILEGED"}},
        {"new privileges",
         "            allowPrivilegeEscalation: false\n",
         "",
         {"NO_NEW_PRIVILEGES"}},
        {"no profile", ", seccompProfile: { type: RuntimeDefault }", "", {"SECCOMP"}},
        {"an unconfined one", "RuntimeDefault", "Unconfined", {"SECCOMP"}},
        {"the network of the host",
         "      securityContext",
         "      hostNetwork: true\n      "
         "securityContext",
         {"OWN_NAMESPACES"}},
        {"processes that see each other",
         "      securityContext",
         "      shareProcessNamespace: true\n      securityContext",
         {"OWN_NAMESPACES"}},
        {"a folder of the host",
         "name: tmp, emptyDir: {}",
         "name: tmp, hostPath: { path: /srv }",
         {"HOST_PATHS"}},
        {"a token of the cluster",
         "      automountServiceAccountToken: false\n",
         "",
         {"ACCOUNT_TOKEN"}},
        {"a namespace of another level",
         "enforce: restricted",
         "enforce: baseline",
         {"POD_SECURITY"}},
        {"a namespace of no level",
         "\n  labels: { pod-security.kubernetes.io/enforce: restricted }",
         "",
         {"POD_SECURITY"}},
    }));
    DYNAMIC_SECTION(row.name) {
        CHECK(failures(loaded(replaced(kubernetes, row.from, row.to))) == row.codes);
    }
}

TEST_CASE("each way between planes, round a sidecar and from outside is found in Kubernetes") {
    const auto row = GENERATE(values<Broken>({
        {"no plane", "beta-sidecar/plane: wallet, ", "", {"LABELS", "PLANE_NETWORK", "IDENTITY"}},
        {"another namespace than the plane",
         "labels: { beta-sidecar/plane: wallet",
         "labels: { beta-sidecar/plane: ops",
         {"PLANE_NETWORK", "IDENTITY"}},
        {"no sidecar", "- name: sidecar", "- name: helper", {"SIDECAR", "PRIVATE_VOLUMES"}},
        {"a sidecar that starts beside its app",
         "          restartPolicy: Always\n          livenessProbe",
         "          livenessProbe",
         {"NATIVE_SIDECAR"}},
        {"no default deny",
         "podSelector: {}, policyTypes: [Ingress, Egress]",
         "podSelector: {}, policyTypes: [Egress]",
         {"DEFAULT_DENY"}},
        {"a default deny of others",
         "podSelector: {}",
         "podSelector: { matchLabels: { a: b } }",
         {"DEFAULT_DENY"}},
        {"a selector that is not followed",
         "podSelector: {}",
         "podSelector: { matchExpressions: [{ key: a, operator: Exists }] }",
         {"DEFAULT_DENY"}},
        {"a fence of another namespace",
         "name: deny, namespace: wallet",
         "name: deny, namespace: ops",
         {"DEFAULT_DENY"}},
        {"a rule for everybody",
         "- to: [{ ipBlock: { cidr: 198.51.100.7/32 } }]",
         "- {}",
         {"FENCES_CLOSED"}},
        {"an app with tor's socket",
         "[{ name: tmp, mountPath: /tmp }]",
         "[{ name: run, mountPath: /run/tor }]",
         {"TOR_SOCKETS", "PRIVATE_VOLUMES"}},
        {"an app with the key",
         "[{ name: tmp, mountPath: /tmp }]",
         "[{ name: tls, mountPath: /tls }]",
         {"PRIVATE_VOLUMES"}},
        {"a configuration of another service",
         "service: pay\n    plane",
         "service: gate\n    plane",
         {"IDENTITY"}},
        {"no probe of readiness",
         "          readinessProbe: { httpGet: { path: /readyz, port: 9090 } }\n",
         "",
         {"HEALTH"}},
        {"memory without end", ", memory: 128Mi", "", {"MEMORY_LIMIT"}},
        {"CPU without end", "cpu: 500m, ", "", {"CPU_LIMIT"}},
        {"a secret as a variable",
         "          volumeMounts: [{ name: tmp",
         "          env: [{ name: X, valueFrom: { secretKeyRef: { name: a, key: b } } }]\n"
         "          volumeMounts: [{ name: tmp",
         {"SECRETS"}},
        {"a port of the host",
         "          volumeMounts: [{ name: tmp",
         "          ports: [{ containerPort: 80, hostPort: 80 }]\n"
         "          volumeMounts: [{ name: tmp",
         {"PUBLISHED"}},
    }));
    DYNAMIC_SECTION(row.name) {
        CHECK(failures(loaded(replaced(kubernetes, row.from, row.to))) == row.codes);
    }
}

TEST_CASE("a way in from outside and the contents of a Secret are found") {
    const std::string head = kubernetes + "---\napiVersion: v1\n";
    CHECK(failures(loaded(head + "kind: Service\nmetadata: { name: a }\n"
                                 "spec: { type: NodePort }\n")) == Codes{"DOORS"});
    CHECK(failures(loaded(head + "kind: Ingress\nmetadata: { name: a }\n")) == Codes{"DOORS"});
    CHECK(failures(loaded(head + "kind: Service\nmetadata: { name: a }\nspec: {}\n")) == Codes{});
    CHECK(failures(loaded(head + "kind: Secret\nmetadata: { name: a }\n"
                                 "data: { key: aGk= }\n")) == Codes{"SECRET_CONTENTS"});
    CHECK(failures(loaded(head + "kind: List\nitems:\n  - kind: Secret\n"
                                 "    stringData: { key: hi }\n")) == Codes{"SECRET_CONTENTS"});
}

TEST_CASE("a kind that is not known is named, and pods are found in whatever makes them") {
    const auto other = loaded(kubernetes + "---\nkind: Certificate\nmetadata: { name: pay }\n");
    REQUIRE(other.passed_over.size() == 1);
    CHECK(other.passed_over[0].value == "Certificate default/pay");
    const std::string pod = "{ containers: [{ name: app, image: x }] }";
    for (const std::string& text :
         {"kind: Pod\nspec: " + pod, "kind: Job\nspec: { template: { spec: " + pod + " } }",
          "kind: CronJob\nspec: { jobTemplate: { spec: { template: { spec: " + pod + " } } } }"}) {
        CAPTURE(text);
        CHECK(loaded(text + '\n').containers.size() == 1);
    }
}

}  // namespace
}  // namespace beta::manifest
