"""Goal: what deploy/kubernetes says is what Kubernetes' API knows, and holds together.
Method: kubectl builds each plane; a compiler with the API's types judges it, and is shown to refuse
misspelt fields; what a pod mounts is looked up in what is built.
"""
import copy
import pathlib
import tempfile
import unittest

import yaml

import manifests
from manifests import PLANES, ROOT

MADE_BY_OPERATORS = {"anchors", *(f"{service}-tls" for service in PLANES.values())}


class Kubernetes(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="beta-kubernetes.")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = manifests.copy(pathlib.Path(folder.name))
        cls.planes = {plane: manifests.build(cls.folder, plane) for plane in PLANES}

    def one(self, plane, kind):
        (found,) = (one for one in self.planes[plane] if one["kind"] == kind)
        return found

    def pod(self, plane):
        return self.one(plane, "Deployment")["spec"]["template"]["spec"]

    @staticmethod
    def containers(pod):
        return [*pod["initContainers"], *pod["containers"]]

    def refused(self, *changes):
        """What is said of wallet's deployment with each of the changes made to it."""
        objects = []
        for change in changes:
            objects.append(copy.deepcopy(self.one("wallet", "Deployment")))
            change(objects[-1]["spec"]["template"]["spec"])
        return ["\n".join(lines) for lines in manifests.complaints(objects, self.folder)]

    def test_the_types_of_the_api_take_every_object(self):
        objects = [one for plane in self.planes.values() for one in plane]
        for one, said in zip(objects, manifests.complaints(objects, self.folder), strict=True):
            self.assertEqual(said, [], (one["kind"], one["metadata"]))

    def test_a_misspelt_field_is_refused_wherever_it_stands(self):
        def misspell(place, name, typo):
            def change(pod):
                target = place(pod)
                target[typo] = target.pop(name)

            return change

        typos = [
            (lambda pod: pod, "enableServiceLinks", "enableServiceLink"),
            (lambda pod: pod["securityContext"], "runAsNonRoot", "runAsNonroot"),
            (lambda pod: pod["initContainers"][0], "restartPolicy", "restartpolicy"),
            (lambda pod: pod["initContainers"][1]["readinessProbe"], "httpGet", "httpget"),
            (lambda pod: pod["containers"][0]["securityContext"], "capabilities", "capability"),
            (lambda pod: pod["volumes"][0]["projected"]["sources"][0], "configMap", "configmap"),
        ]
        found = self.refused(*(misspell(*typo) for typo in typos))
        for (_, _, typo), said in zip(typos, found, strict=True):
            self.assertIn(f"'\"{typo}\"' does not exist", said)

    def test_a_value_of_the_wrong_kind_is_refused(self):
        def change(pod):
            pod["terminationGracePeriodSeconds"] = "60"

        (said,) = self.refused(change)
        self.assertIn("'string' is not assignable to type 'number'", said)

    def test_what_a_pod_mounts_is_there(self):
        for plane, objects in self.planes.items():
            there = {one["metadata"]["name"]: one for one in objects}
            pod = self.pod(plane)
            volumes = {volume["name"]: volume for volume in pod["volumes"]}
            for container in self.containers(pod):
                for mount in container.get("volumeMounts", []):
                    self.assertIn(mount["name"], volumes)
            beta = volumes["beta"]["projected"]["sources"]
            for source in [*beta, volumes["torrc"]]:
                entry = source.get("configMap") or source["secret"]
                if entry["name"] in MADE_BY_OPERATORS:
                    continue
                for item in entry["items"]:
                    self.assertIn(item["key"], there[entry["name"]]["data"])
            claim = volumes["tor-data"]["persistentVolumeClaim"]["claimName"]
            self.assertEqual(there[claim]["kind"], "PersistentVolumeClaim")

    def test_the_app_shares_no_volume_with_tor_or_the_sidecar(self):
        for plane in PLANES:
            mounted = {
                container["name"]: {mount["name"] for mount in container["volumeMounts"]}
                for container in self.containers(self.pod(plane))
            }
            self.assertEqual(mounted["app"] & (mounted["sidecar"] | mounted["tor"]), set())
            self.assertEqual(mounted["sidecar"] & mounted["tor"], {"tor-run", "ingress"})

    def test_policies_and_configurations_are_those_of_the_repository(self):
        for plane, service in PLANES.items():
            data = {}
            for one in self.planes[plane]:
                data |= one.get("data", {}) if one["kind"] == "ConfigMap" else {}
            for file in (f"acl/{plane}.yaml", f"deploy/compose/config/{service}.yaml",
                         f"deploy/compose/tor/{service}.torrc"):
                text = (ROOT / file).read_text(encoding="utf-8")
                self.assertEqual(data[pathlib.Path(file).name], text)

    def test_a_pod_is_given_longer_to_end_than_its_sidecar_drains(self):
        defaults = yaml.safe_load((ROOT / "config/sidecar.yaml").read_text(encoding="utf-8"))
        drain = int(defaults["drain"]["timeout"].removesuffix("s"))
        for plane in PLANES:
            self.assertGreater(self.pod(plane)["terminationGracePeriodSeconds"], drain)

    def test_the_planes_differ_in_names_alone(self):
        wallet = (ROOT / "deploy/kubernetes/wallet/tron-payment.yaml").read_text(encoding="utf-8")
        for plane, service in PLANES.items():
            file = ROOT / "deploy/kubernetes" / plane / f"{service}.yaml"
            text = file.read_text(encoding="utf-8")
            wanted = wallet.replace("tron-payment", service).replace(
                "beta-sidecar/plane: wallet", f"beta-sidecar/plane: {plane}"
            )
            self.assertEqual(self.shape(text), self.shape(wanted), plane)

    @staticmethod
    def shape(text):
        """Without digests, the plane's namespace and its policy's file."""
        lines = [
            line
            for line in text.splitlines()
            if "@sha256:" not in line and "namespace:" not in line and "name: acl" not in line
        ]
        return lines


if __name__ == "__main__":
    unittest.main(verbosity=2)
