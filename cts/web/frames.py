"""What a browser sends over Streamlit's WebSocket: which messages may pass, and which show that a person is at work."""

from enum import Enum

from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from streamlit.proto.BackMsg_pb2 import BackMsg


class Frame(Enum):
    """What to do with a message."""

    ACTIVITY = "pass; a person did something"
    QUIET = "pass; the page did it by itself"
    DROP = "not for browsers"
    UNREADABLE = "not a message at all"


# Left out on purpose: clear_cache empties everybody's cache, load_git_info tells about the source, set_run_on_save and the debug
# messages are for developers. Whatever a new version of Streamlit adds is dropped until it is listed here.
_PASS = {
    "rerun_script": Frame.ACTIVITY,
    "file_urls_request": Frame.ACTIVITY,
    "stop_script": Frame.ACTIVITY,
    "app_heartbeat": Frame.QUIET,
}
# Of the "backend operations" two install things on the server.
_OPERATIONS = {"deferred_file": Frame.ACTIVITY, "dataframe_chunk": Frame.ACTIVITY}


def examine(data: bytes) -> Frame:
    """Sort one binary message."""
    try:
        message = BackMsg.FromString(data)
    except DecodeError:
        return Frame.UNREADABLE
    kind = message.WhichOneof("type") or ""
    if kind == "backend_operation_request":
        request = message.backend_operation_request
        return next((what for field, what in _OPERATIONS.items() if request.HasField(field)), Frame.DROP)
    if kind == "rerun_script" and message.rerun_script.is_auto_rerun:
        return Frame.QUIET
    return _PASS.get(kind, Frame.DROP)


def empty_rerun() -> bytes:
    """A message that runs the main script anew and carries no click and no value, so that no callback fires."""
    message = BackMsg()
    message.rerun_script.SetInParent()
    return bytes(message.SerializeToString())
