// What the tests of this folder share: manifests that pass every check, and what fails when a word
// of them is another.
#pragma once

#include "beta/manifest/checklist.hpp"
#include "beta/manifest/load.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace beta::manifest {

inline const std::string digest = "@sha256:" + std::string(64, 'a');

inline std::string walls(const std::string& more = "") {
    return "    user: \"65532:65532\"\n"
           "    read_only: true\n"
           "    cap_drop: [ALL]\n"
           "    security_opt: [\"no-new-privileges:true\"" +
           more +
           "]\n"
           "    mem_limit: 128m\n"
           "    cpus: \"0.5\"\n"
           "    pids_limit: 64\n"
           "    logging: { options: { max-size: 10m } }\n";
}

inline std::string labels_of(const std::string& role) {
    return "    labels: { beta-sidecar/plane: wallet, beta-sidecar/service: pay, "
           "beta-sidecar/role: " +
           role + " }\n";
}

/// One service on one plane, and who watches it.
inline const std::string compose =
    "services:\n"
    "  pay:\n"
    "    image: r.example/pay" +
    digest + "\n" + labels_of("app") + walls() +
    "    network_mode: \"service:pay-sidecar\"\n"
    "    environment: { HTTP_PROXY: http://127.0.0.1:15001 }\n"
    "    volumes: [\"pay-data:/data\"]\n"
    "  pay-sidecar:\n"
    "    image: r.example/sidecar" +
    digest + "\n" + labels_of("sidecar") + walls(", \"seccomp=sidecar.json\"") +
    "    networks: [wallet]\n"
    "    environment: [PLANE=wallet, SERVICE_NAME=pay]\n"
    "    volumes: [\"pay-run:/run/tor:ro\", \"./tls:/etc/beta/tls:ro\"]\n"
    "    healthcheck: { test: [CMD, /beta-sidecar, healthcheck] }\n"
    "  pay-tor:\n"
    "    image: r.example/tor" +
    digest + "\n" + labels_of("tor") + walls() +
    "    networks: [wallet-uplink]\n"
    "    volumes: [\"pay-run:/run/tor\"]\n"
    "  prometheus:\n"
    "    image: r.example/prometheus" +
    digest +
    "\n"
    "    labels: { beta-sidecar/role: watcher, beta-sidecar/published: for people }\n" +
    walls() +
    "    networks: [wallet, watch]\n"
    "    ports: [\"127.0.0.1:9091:9090\"]\n"
    "networks:\n"
    "  wallet: { internal: true }\n"
    "  wallet-uplink: {}\n"
    "  watch: {}\n";

inline std::string fences(const std::string& name, const std::string& image) {
    return "        - name: " + name + "\n          image: r.example/" + image + digest +
           "\n"
           "          securityContext:\n"
           "            allowPrivilegeEscalation: false\n"
           "            readOnlyRootFilesystem: true\n"
           "            capabilities: { drop: [ALL] }\n"
           "          resources: { limits: { cpu: 500m, memory: 128Mi } }\n";
}

inline const std::string kubernetes =
    "apiVersion: v1\n"
    "kind: Namespace\n"
    "metadata:\n"
    "  name: wallet\n"
    "  labels: { pod-security.kubernetes.io/enforce: restricted }\n"
    "---\n"
    "apiVersion: networking.k8s.io/v1\n"
    "kind: NetworkPolicy\n"
    "metadata: { name: deny, namespace: wallet }\n"
    "spec: { podSelector: {}, policyTypes: [Ingress, Egress] }\n"
    "---\n"
    "apiVersion: networking.k8s.io/v1\n"
    "kind: NetworkPolicy\n"
    "metadata: { name: tor, namespace: wallet }\n"
    "spec:\n"
    "  podSelector: { matchLabels: { beta-sidecar/service: pay } }\n"
    "  policyTypes: [Egress]\n"
    "  egress:\n"
    "    - to: [{ ipBlock: { cidr: 198.51.100.7/32 } }]\n"
    "---\n"
    "apiVersion: apps/v1\n"
    "kind: Deployment\n"
    "metadata: { name: pay, namespace: wallet }\n"
    "spec:\n"
    "  template:\n"
    "    metadata:\n"
    "      labels: { beta-sidecar/plane: wallet, beta-sidecar/service: pay }\n"
    "    spec:\n"
    "      automountServiceAccountToken: false\n"
    "      securityContext: { runAsUser: 65532, seccompProfile: { type: RuntimeDefault } }\n"
    "      initContainers:\n" +
    fences("tor", "tor") +
    "          restartPolicy: Always\n"
    "          volumeMounts: [{ name: run, mountPath: /run/tor }]\n" +
    fences("sidecar", "sidecar") +
    "          restartPolicy: Always\n"
    "          livenessProbe: { httpGet: { path: /livez, port: 9090 } }\n"
    "          readinessProbe: { httpGet: { path: /readyz, port: 9090 } }\n"
    "          volumeMounts:\n"
    "            - { name: run, mountPath: /run/tor }\n"
    "            - { name: tls, mountPath: /etc/beta/tls }\n"
    "            - { name: config, mountPath: /etc/beta/sidecar.yaml, subPath: sidecar.yaml }\n"
    "      containers:\n" +
    fences("app", "pay") +
    "          volumeMounts: [{ name: tmp, mountPath: /tmp }]\n"
    "      volumes:\n"
    "        - { name: run, emptyDir: {} }\n"
    "        - { name: tmp, emptyDir: {} }\n"
    "        - { name: tls, secret: { secretName: pay-tls } }\n"
    "        - { name: config, configMap: { name: pay } }\n"
    "---\n"
    "apiVersion: v1\n"
    "kind: ConfigMap\n"
    "metadata: { name: pay, namespace: wallet }\n"
    "data:\n"
    "  sidecar.yaml: |\n"
    "    service: pay\n"
    "    plane: wallet\n";

inline std::string replaced(std::string text, std::string_view from, std::string_view to) {
    const auto at = text.find(from);
    REQUIRE(at != text.npos);
    return text.replace(at, from.size(), to);
}

inline Deployment loaded(const std::vector<Source>& sources, const Variables& variables = {}) {
    auto deployment = load(sources, variables);
    if (!deployment)
        FAIL(deployment.error().front().str());
    return std::move(*deployment);
}

inline Deployment loaded(const std::string& text) {
    return loaded(std::vector<Source>{{"m.yaml", text}});
}

inline std::vector<std::string> errors_of(const std::string& text) {
    const auto deployment = load({{"m.yaml", text}}, {});
    std::vector<std::string> out;
    if (!deployment)
        for (const auto& error : deployment.error())
            out.push_back(error.str());
    return out;
}

inline const Container& container(const Deployment& deployment, std::string_view name) {
    const auto found = std::ranges::find(deployment.containers, name, &Container::name);
    REQUIRE(found != deployment.containers.end());
    return *found;
}

/// The codes of the checks that fail.
inline std::vector<std::string> failures(const Deployment& deployment) {
    std::vector<std::string> out;
    for (const Check& check : verify(deployment))
        if (check.failures() > 0)
            out.push_back(check.code);
    return out;
}

using Codes = std::vector<std::string>;

}  // namespace beta::manifest
