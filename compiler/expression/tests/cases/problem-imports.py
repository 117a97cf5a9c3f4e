# kind: policy
import os
import os.path as path, json
import authentik.core.models
from subprocess import run
from authentik.core.models import Usr, USER_ATTRIBUTE_CHANGE_EMIAL
from authentik.core.modles import User
from re import serch, sub
from json import *
from . import x
from itertools import chain
from authentik.stages.authenticator_webauthn.models import WebAuthnDevice
return True
