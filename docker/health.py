"""Health checks of the containers: `health.py web` asks the web process, `health.py worker` asks the broker.

A worker that is busy with an episode answers nobody for minutes, so its check is that it could get work; a worker that
hangs loses its job to the next one when the job's lease ends.
"""

import http.client
import os
import sys


def allowed_host() -> str:
    """Return a host name that the web process accepts, since it refuses all others."""
    first = os.environ.get("AFFECTORY_ALLOWED_HOSTS", "").split(",")[0].strip().lstrip(".")
    return first if first and first != "*" else "localhost"


def web_answers() -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", 8000, timeout=4)
    try:
        connection.request("GET", "/api/health/", headers={"Host": allowed_host()})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def broker_answers() -> bool:
    import redis

    try:
        with redis.Redis.from_url(os.environ["AFFECTORY_BROKER_URL"], socket_timeout=5) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


if __name__ == "__main__":
    sys.exit(0 if (web_answers() if sys.argv[1:] == ["web"] else broker_answers()) else 1)
