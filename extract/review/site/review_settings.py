"""doccano's own production settings, changed where a server for one desk differs. Read by doccano's Python only."""

import os

from config.settings.production import *  # noqa: F403
from config.settings.production import DATABASES

# Imports run in the web process (no worker, no broker), and each request wholly or not at all: one that dies midway
# leaves nothing behind.
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_STORE_EAGER_RESULT = True
DATABASES["default"]["ATOMIC_REQUESTS"] = True

# The server listens on the loopback only; another name in a request is another page's trick.
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]

# Uploads stay out of the installed package; its uploader allows no folder outside of this one.
BASE_DIR = os.environ["DOCCANO_HOME"]
DJANGO_DRF_FILEPOND_UPLOAD_TMP = f"{BASE_DIR}/uploads"
