"""The network goes, the page reloads, the turn ends: an answer stays."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.conftest import Visitor, World
from tests.webapp.factories import let_lease_run_out
from webapp.annotation.models import Assignment, Moment


def at_the_episode(visitor: Visitor, world: World) -> None:
    visitor.log_in("anna")
    visitor.go(f"/projects/{world.project.pk}/moments")
    visitor.video_ready()


def mark(visitor: Visitor, seconds: float) -> None:
    visitor.press("Space")
    visitor.play_until(seconds)
    visitor.press("Space")


def test_a_moment_marked_without_a_network_is_saved_once_when_it_is_back(
    visit: Callable[..., Visitor], world: World
) -> None:
    anna = visit()
    at_the_episode(anna, world)
    mark(anna, 1.0)
    anna.expect_saved()
    anna.context.set_offline(True)
    anna.press("z", "Shift+Z", "Shift+Space")
    anna.play_until(2.0)
    anna.press("Space")
    expect(anna.page.get_by_text("Offline: 3 changes kept on this computer")).to_be_visible()
    expect(anna.page.get_by_role("list", name="Moments").get_by_role("listitem")).to_have_count(2)
    assert Moment.objects.count() == 1
    anna.context.set_offline(False)
    anna.expect_saved()
    assert Moment.objects.filter(removed=False).count() == 2
    anna.complaints.clear()  # the browser itself writes of every request that found no network


def test_what_the_server_did_not_take_survives_closing_the_page(visit: Callable[..., Visitor], world: World) -> None:
    anna = visit()
    at_the_episode(anna, world)
    anna.page.route("**/moments/", lambda route: route.abort())
    mark(anna, 1.0)
    expect(anna.page.get_by_text("Offline: 1 change kept on this computer")).to_be_visible()
    again = anna.context.new_page()
    anna.page.close()
    again.goto(anna.address)
    expect(again.get_by_text("Saved", exact=True)).to_be_visible()
    assert Moment.objects.count() == 1
    anna.complaints.clear()


def test_a_turn_that_ended_is_said_and_its_unsent_moment_goes_with_the_next_turn(
    visit: Callable[..., Visitor], world: World
) -> None:
    anna = visit()
    at_the_episode(anna, world)
    let_lease_run_out(Assignment.objects.get())
    Assignment.objects.update(status=Assignment.Status.ABANDONED)
    mark(anna, 1.0)
    dialog = anna.page.get_by_role("dialog", name="Your turn has ended")
    expect(dialog).to_contain_text("1 change could not be sent")
    dialog.get_by_role("button", name="Take a turn again").click()
    anna.expect_saved()
    expect(anna.page.get_by_role("list", name="Moments").get_by_role("listitem")).to_have_count(1)
    held = Assignment.objects.get(status=Assignment.Status.HELD)
    assert held.moments.count() == 1
    anna.complaints.clear()  # the browser writes of the 409
