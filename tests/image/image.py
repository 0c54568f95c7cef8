"""Image: what scripts/image made, in skopeo's dir form: its configuration and its root folder."""
import json
import pathlib
import tarfile


class Image:
    def __init__(self, folder):
        self._folder = pathlib.Path(folder)
        self.manifest = json.loads((self._folder / "manifest.json").read_text(encoding="utf-8"))
        blob = self._blob(self.manifest["config"])
        self.config = json.loads(blob.read_text(encoding="utf-8"))["config"]

    @property
    def command(self):
        return self.config["Entrypoint"] + self.config["Cmd"]

    @property
    def health(self):
        """The command of HEALTHCHECK, without the word that says how it is written."""
        return self.config["Healthcheck"]["Test"][1:]

    def unpack(self, to):
        """Every layer, with owners and modes; none of ours takes away what one below it has."""
        for layer in self.manifest["layers"]:
            with tarfile.open(self._blob(layer)) as files:
                files.extractall(to, numeric_owner=True)

    def _blob(self, described):
        return self._folder / described["digest"].removeprefix("sha256:")
