"""A cluster's Kubernetes API, as the sandbox itself uses it."""

import http.client
import json
import ssl


class Api:
    """Asks with all rights. Raises OSError while nobody answers."""

    def __init__(self, port, certificate, token):
        self._port, self._token = port, token
        self._context = ssl.create_default_context(cadata=certificate.decode())

    def ask(self, method, path, body=None):
        """Status and answer. A PATCH is a merge patch."""
        kind = "application/merge-patch+json" if method == "PATCH" else "application/json"
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": kind}
        connection = http.client.HTTPSConnection("127.0.0.1", self._port, timeout=20, context=self._context)
        try:
            connection.request(method, path, None if body is None else json.dumps(body), headers)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        except http.client.HTTPException as error:
            raise OSError(str(error)) from error
        finally:
            connection.close()

    def list(self, path):
        """The objects there; none of a kind that the cluster does not know."""
        status, answer = self.ask("GET", path)
        return answer["items"] if status == 200 else []
