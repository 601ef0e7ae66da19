"""Which of Streamlit's messages pass, and which count as activity."""

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg

from cts.web.frames import Frame, empty_rerun, examine


def of(message: BackMsg) -> Frame:
    return examine(message.SerializeToString())


def test_a_click_is_activity_and_a_timer_is_not() -> None:
    click = BackMsg()
    click.rerun_script.widget_states.widgets.add(id="x", trigger_value=True)
    timer = BackMsg()
    timer.rerun_script.fragment_id = "x"
    timer.rerun_script.is_auto_rerun = True
    assert (of(click), of(timer), of(BackMsg(app_heartbeat=True))) == (Frame.ACTIVITY, Frame.QUIET, Frame.QUIET)


def test_every_message_streamlit_knows_is_passed_or_dropped_on_purpose() -> None:
    """An upgrade that adds a message shows here; until it is looked at the gate drops it."""
    kinds = {field.name: BackMsg() for field in BackMsg.DESCRIPTOR.oneofs_by_name["type"].fields}
    for name, message in kinds.items():
        field = message.DESCRIPTOR.fields_by_name[name]
        if field.message_type is None:
            setattr(message, name, True)
        else:
            getattr(message, name).SetInParent()
    dropped = {name for name, message in kinds.items() if of(message) is Frame.DROP}
    assert dropped == {
        "clear_cache",
        "set_run_on_save",
        "load_git_info",
        "debug_disconnect_websocket",
        "debug_shutdown_runtime",
        "backend_operation_request",
    }
    assert set(kinds) - dropped == {"rerun_script", "stop_script", "file_urls_request", "app_heartbeat"}


@pytest.mark.parametrize(
    ("operation", "passes"), [("deferred_file", True), ("dataframe_chunk", True), ("install_skills", False)]
)
def test_operations_that_install_things_are_dropped(operation: str, passes: bool) -> None:
    message = BackMsg()
    getattr(message.backend_operation_request, operation).SetInParent()
    assert (of(message) is not Frame.DROP) is passes


def test_an_empty_rerun_carries_no_click() -> None:
    message = BackMsg.FromString(empty_rerun())
    assert message.WhichOneof("type") == "rerun_script"
    assert not message.rerun_script.widget_states.widgets


@pytest.mark.parametrize("data", [b"\xff\xff", b"\x0a"])
def test_garbage_is_unreadable(data: bytes) -> None:
    assert examine(data) is Frame.UNREADABLE


def test_nothing_at_all_is_dropped() -> None:
    assert examine(b"") is Frame.DROP
