"""The playground under somebody's hands: mouse, touch, keyboard, the address, and what is seen and said."""

from itertools import islice, repeat
from urllib.parse import urlsplit

import numpy as np
import pytest

from sklearn_neuron import neuron
from sklearn_neuron.descent import descend
from sklearn_neuron.homes.memory import InMemory
from sklearn_neuron.objective import Objective
from sklearn_neuron.playground import built_in, write_playground
from sklearn_neuron.solvers.directions import Nesterov, Steepest
from sklearn_neuron.solvers.step_sizes import Constant

PLANTS = built_in()[0]
X, TOXIC = np.array(PLANTS.X), np.array(PLANTS.y)
NOW = "hands.playground.now"


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    return write_playground(tmp_path_factory.mktemp("play") / "play.html")


@pytest.fixture
def visit(browser, file):
    """Open the page; at the end nothing may have been complained about, or asked of the network."""
    contexts, complaints, asked = [], [], []

    def go(address="", **options):
        options = {"viewport": {"width": 1280, "height": 1200}} | options
        context = browser.new_context(offline=True, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(file.resolve().as_uri() + address)
        settle(page)
        return page

    yield go
    for context in contexts:
        context.close()
    assert complaints == []
    assert {urlsplit(url).scheme for url in asked} <= {"file", "data"}


def settle(page):
    """Wait until all of it is drawn."""
    page.wait_for_function("() => !hands.isStale")


def now(page, what):
    return page.evaluate(f"{NOW}.{what}")


def weights(page):
    return now(page, "step.here.weights")


def written(page, name):
    """What stands in the place of a number."""
    settle(page)
    return page.inner_text(f"[data-n='{name}']:visible >> nth=0")


def number(page, name):
    return float(written(page, name).replace("−", "-"))


def pixel(page, picture, place):
    """Where a place of a picture is in the window."""
    settle(page)
    box = page.locator(f"#{picture}").bounding_box()
    x, y = page.evaluate(f"hands.{picture}.spot({np.asarray(place, float).tolist()})")
    return box["x"] + x, box["y"] + y


def press(page, picture, place):
    page.mouse.click(*pixel(page, picture, place))


def drag(page, picture, start, end):
    page.mouse.move(*pixel(page, picture, start))
    page.mouse.down()
    page.mouse.move(*pixel(page, picture, end), steps=4)
    page.mouse.up()


def step(page, times=1):
    for _ in range(times):
        page.click("#step")
    page.evaluate("new Promise((seen) => requestAnimationFrame(() => requestAnimationFrame(seen)))")  # it is drawn


def walked(direction, alpha, steps):
    """Weights after each of our own steps."""
    J = Objective(InMemory(X, TOXIC[:, None] == 1, shares=np.full(len(X), 1 / len(X))))
    walk = descend(repeat(J), np.zeros((3, 1)), direction, Constant(alpha))
    return [one.here.theta[:, 0] for one in islice(walk, steps + 1)]


def told(page):
    settle(page)
    return page.inner_text("#told")


EMPTY = (7.5, 1.0)  # where no plant stands


# Plants -------------------------------------------------------------------------------------------------------------


def test_a_press_on_an_empty_spot_plants_what_is_chosen(visit):
    page = visit()
    press(page, "field", EMPTY)
    page.check("[name=brush][value='0']", force=True)
    press(page, "field", (1.0, 3.5))
    plants = now(page, "plants")
    assert [plant["y"] for plant in plants[60:]] == [1, 0]
    np.testing.assert_allclose([plant["x"] for plant in plants[60:]], [EMPTY, (1.0, 3.5)], atol=0.02)
    assert all(round(x, 2) == x for plant in plants[60:] for x in plant["x"])  # short enough for a pencil
    assert written(page, "count") == "62"
    assert (written(page, "plant"), written(page, "kind")) == ("62", "non-toxic")


def test_a_plant_is_dragged_and_one_way_back_undoes_all_of_the_drag(visit):
    page = visit()
    drag(page, "field", X[3], EMPTY)
    moved = np.array([plant["x"] for plant in now(page, "plants")])
    np.testing.assert_allclose(moved[3], EMPTY, atol=0.05)
    np.testing.assert_array_equal(np.delete(moved, 3, axis=0), np.delete(X, 3, axis=0))
    page.click("#back")
    np.testing.assert_array_equal([plant["x"] for plant in now(page, "plants")], X)


def test_a_plant_cannot_be_dragged_out_of_sight(visit):
    page = visit()
    page.mouse.move(*pixel(page, "field", X[3]))
    page.mouse.down()
    page.mouse.move(5, 5, steps=4)
    page.mouse.up()
    (low, high), (bottom, top) = page.evaluate("hands.field.view")
    x, y = now(page, "plants")[3]["x"]
    assert low - 0.01 <= x <= high
    assert bottom <= y <= top + 0.01


def test_pressed_once_a_plant_is_chosen_and_twice_it_is_recoloured(visit):
    page = visit()
    press(page, "field", X[11])
    assert page.evaluate("hands.chosen") == 11
    assert now(page, "plants")[11]["y"] == TOXIC[11]
    page.mouse.dblclick(*pixel(page, "field", X[11]))
    assert now(page, "plants")[11]["y"] == 1 - TOXIC[11]
    page.click("#recolour")
    assert now(page, "plants")[11]["y"] == TOXIC[11]


def test_plants_are_removed_until_two_are_left(visit):
    page = visit("#plants=1,1,0;2,2,1;3,1,0")
    assert page.is_disabled("#remove")  # none is chosen
    press(page, "field", (2, 2))
    for _ in range(3):
        page.click("#remove")
    assert [plant["x"] for plant in now(page, "plants")] == [[1, 1], [3, 1]]


def test_everybody_is_counted_on_the_side_of_the_line_where_it_stands(visit):
    page = visit("#weights=1,1,-6.5")
    assert written(page, "right") == str(np.sum((X.sum(axis=1) > 6.5) == (TOXIC == 1)))


@pytest.mark.parametrize("table", [table.name for table in built_in()])
def test_every_table_can_be_taken_up(visit, table):
    page = visit()
    step(page)
    page.select_option("#table", table)
    assert now(page, "iteration") == 0
    assert weights(page) == [0, 0, 0]
    assert now(page, "plants.length") == len(next(one for one in built_in() if one.name == table).X)
    assert written(page, "table.classNames.1") == next(one for one in built_in() if one.name == table).classNames[1]


# The walk -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "direction"), [("gd", Steepest()), ("momentum", Nesterov())])
def test_a_step_is_ours_and_back_leads_to_where_it_began(visit, name, direction):
    page = visit(f"#rate=0.1&direction={name}")
    step(page, 6)
    ours = walked(direction, 0.1, 6)
    np.testing.assert_allclose(weights(page), ours[6], rtol=1e-12)
    before = weights(page)
    page.click("#back")
    page.click("#back")
    assert written(page, "iteration") == "4"
    np.testing.assert_allclose(weights(page), ours[4], rtol=1e-12)
    step(page, 2)
    assert weights(page) == before  # to the last bit: its memory came back, too


def test_the_next_step_that_is_shown_is_the_one_that_is_taken(visit):
    page = visit("#rate=0.3&direction=momentum&coordinates=standardised&iteration=3&weights=0.2,0.5,-1")
    step(page, 2)
    before, shown = np.array(weights(page)), [number(page, f"move.{j}") for j in range(3)]
    step(page)
    np.testing.assert_allclose(np.array(weights(page)) - before, shown, rtol=1e-3)


def test_who_trips_reads_why_goes_back_and_recovers(visit):
    page = visit("#rate=1")
    step(page)
    tripped = number(page, "here.loss")
    assert tripped > np.log(2)
    assert "rose" in page.get_attribute("#story", "class")
    assert "J rose from 0.6931 to" in told(page)
    assert "too long" in told(page)
    page.click("#back")
    assert weights(page) == [0, 0, 0]
    assert "Taken back: a step." in told(page)
    page.fill("#rate-told", "0.1")
    page.press("#rate-told", "Enter")
    step(page)
    assert number(page, "here.loss") < np.log(2)
    assert "rose" not in page.get_attribute("#story", "class")


def test_why_j_rose_is_told_of_what_hands_did_too(visit):
    page = visit()
    step(page, 3)
    page.fill("[name=told][data-j='0']", "−4")
    page.press("[name=told][data-j='0']", "Enter")
    assert weights(page)[0] == -4
    assert "The dials were turned" in told(page)


def test_play_walks_until_it_is_told_to_stop(visit):
    page = visit("#rate=0.01")
    page.select_option("#pace", "60")
    page.click("#play")
    page.wait_for_function(f"{NOW}.iteration > 20")
    page.click("#play")
    steps = now(page, "iteration")
    page.wait_for_timeout(200)
    assert now(page, "iteration") == steps
    np.testing.assert_allclose(weights(page), walked(Steepest(), 0.01, steps)[-1], rtol=1e-10)


def test_play_ends_where_no_step_leads_on(visit):
    page = visit("#direction=newton&rate=1&C=1")
    page.select_option("#pace", "60")
    page.click("#play")
    page.wait_for_function("!hands.isPlaying")
    assert page.inner_text("#play") == "Play"
    assert max(abs(slope) for slope in now(page, "step.here.gradient")) < 1e-12
    assert now(page, "iteration") < 40


def test_whoever_wants_no_motion_is_played_to_slowly(visit):
    assert visit(reduced_motion="reduce").input_value("#pace") == "1"
    assert visit(reduced_motion="no-preference").input_value("#pace") == "10"


def test_reset_forgets_the_weights_alone_and_can_be_taken_back(visit):
    page = visit("#C=10&coordinates=standardised")
    press(page, "field", EMPTY)
    step(page, 3)
    before = weights(page)
    page.click("[data-do=reset]")
    assert weights(page) == [0, 0, 0]
    assert now(page, "plants.length") == 61
    assert now(page, "settings.C") == 10
    assert page.evaluate("hands.playground.curve.length") == 1
    page.click("#back")
    assert weights(page) == before


def test_other_settings_leave_the_neuron_where_it_is(visit):
    page = visit("#rate=0.1")
    step(page, 3)
    before = weights(page)
    page.check("[value=momentum]", force=True)
    page.check("[value=standardised]", force=True)
    page.select_option("#penalty", "1")
    np.testing.assert_allclose(weights(page), before, rtol=1e-12)
    assert written(page, "iteration") == "3"
    penalty = np.sum(np.square(before[:2])) / 2 / 60
    ours = neuron.example_loss(neuron.linear_score(X, np.array(before[:2]), before[2]), TOXIC).mean()
    np.testing.assert_allclose(now(page, "step.here.loss"), ours + penalty, rtol=1e-12)
    step(page)
    assert written(page, "iteration") == "4"


def test_the_slider_of_the_rate_tells_where_descent_is_safe(visit):
    page = visit()
    largest = np.linalg.eigvalsh(np.c_[X, np.ones(60)].T @ np.c_[X, np.ones(60)] / 240)[-1]
    np.testing.assert_allclose(number(page, "safe"), 2 / largest, rtol=1e-2)
    page.locator("#rate").fill("-2")
    settle(page)
    assert page.input_value("#rate-told") == "0.01"
    page.fill("#rate-told", "-3")
    page.press("#rate-told", "Enter")
    assert page.evaluate("hands.playground.rate") == 0.01


# Numbers ------------------------------------------------------------------------------------------------------------


def test_the_numbers_of_a_plant_are_those_of_our_book(visit):
    page = visit("#weights=0.4,0.7,-3")
    page.mouse.move(*pixel(page, "field", X[5]))
    settle(page)
    assert page.inner_text(".why") == "the one under the pointer"
    w, b = np.array([0.4, 0.7]), -3.0
    z = neuron.linear_score(X[5], w, b)
    a, residual = neuron.sigmoid(z), neuron.residual(z, TOXIC[5])
    ours = {"x.0": X[5, 0], "x.1": X[5, 1], "link.products.0": X[5, 0] * 0.4, "link.products.1": X[5, 1] * 0.7}
    ours |= {"link.z": z, "link.a": a, "link.loss": neuron.example_loss(z, TOXIC[5])}
    ours |= {"link.lossSlope": neuron.loss_slope(a, TOXIC[5]), "link.sigmoidSlope": neuron.sigmoid_slope(z)}
    ours |= {"link.residual": residual}
    ours |= {f"link.gradient.{j}": slope for j, slope in enumerate(residual * np.append(X[5], 1))}
    residuals = neuron.residual(neuron.linear_score(X, w, b), TOXIC)
    ours |= {f"here.weightsGradient.{j}": slope for j, slope in enumerate(np.c_[X, np.ones(60)].T @ residuals / 60)}
    np.testing.assert_allclose([number(page, name) for name in ours], [*ours.values()], rtol=1e-3)


def test_of_all_plants_the_one_that_costs_most_is_shown_first(visit):
    page = visit("#weights=0.4,0.7,-3")
    losses = neuron.example_loss(neuron.linear_score(X, np.array([0.4, 0.7]), -3.0), TOXIC)
    assert written(page, "plant") == str(np.argmax(losses) + 1)
    assert page.inner_text(".why").startswith("the one of the largest loss")


def test_a_plant_on_the_sigmoid_is_the_one_of_the_field(visit):
    page = visit("#weights=1,1,-6.5")
    settle(page)
    box, (x, y) = page.locator("#sigmoid").bounding_box(), page.evaluate("hands.sigmoid.spots[17]")
    page.mouse.move(box["x"] + x, box["y"] + y)
    assert written(page, "plant") == "18"


@pytest.mark.parametrize(
    ("number", "digits", "words"),
    [(0, 4, "0"), (-1.23456, 4, "−1.235"), (1234.56, 4, "1235"), (1.5e-7, 3, "1.50e−7"), (2.5e9, 3, "2.50e9")],
)
def test_numbers_are_written_with_the_digits_that_are_known(visit, number, digits, words):
    assert visit().evaluate(f"written({number}, {digits})") == words


# The landscape ------------------------------------------------------------------------------------------------------


def test_the_neuron_stands_where_the_landscape_is_pressed(visit):
    page = visit("#C=1")
    press(page, "landscape", (0.5, 1.0))
    np.testing.assert_allclose(weights(page), [0.5, 1.0, 0], atol=0.02)
    page.check("[name=axes][value='0,2']", force=True)
    press(page, "landscape", (0.2, -2.0))
    np.testing.assert_allclose(weights(page)[::2], [0.2, -2.0], atol=0.1)
    np.testing.assert_allclose(weights(page)[1], 1.0, atol=0.02)


def test_the_ground_is_j_and_is_worked_out_once(visit):
    page = visit("#weights=0.3,0.4,-1&C=1")
    losses, (across, up), size = page.evaluate(
        "(({ground}) => [[...ground.losses], ground.seen[2], ground.size])(hands.landscape)"
    )
    at = np.array([(x, y) for y in np.linspace(*up, size) for x in np.linspace(*across, size)])
    ours = neuron.example_loss(X @ at.T - 1, TOXIC[:, None]).mean(axis=0) + np.sum(at**2, axis=1) / 120
    np.testing.assert_allclose(losses, ours, rtol=1e-12)
    page.evaluate("window.ground = hands.landscape.ground")
    page.mouse.move(*pixel(page, "field", X[5]))
    page.evaluate("hands.setRate(0.2)")
    settle(page)
    assert page.evaluate("window.ground === hands.landscape.ground")
    step(page)
    settle(page)
    assert not page.evaluate("window.ground === hands.landscape.ground")  # b is another


def test_the_minimum_is_where_newton_arrives(visit):
    page = visit("#direction=newton&rate=1&C=1")
    step(page, 8)
    np.testing.assert_allclose(page.evaluate(f"{NOW}.minimum.weights"), weights(page), rtol=1e-6)
    assert written(page, "floor") == written(page, "held")


def test_where_a_line_separates_no_minimum_is_shown(visit):
    page = visit("#table=separable")
    assert page.evaluate(f"{NOW}.minimum") is None
    assert "J has no minimum" in page.inner_text("#landscape-told")
    page.select_option("#penalty", "1")
    settle(page)
    assert page.evaluate(f"{NOW}.minimum") is not None
    assert "J has no minimum" not in page.inner_text("#landscape-told")


# The address --------------------------------------------------------------------------------------------------------


def test_a_link_and_a_reload_bring_everything_back(visit):
    page = visit("#direction=momentum&C=10&coordinates=standardised")
    press(page, "field", EMPTY)
    drag(page, "field", X[3], (6.0, 0.5))
    for rate in (0.2, 0.05):
        page.evaluate(f"hands.setRate({rate})")
        step(page, 4)
    place = "(({now, rate}) => JSON.stringify([now.step.memory, now.step.here.weights, now.plants, rate]))"
    kept = page.evaluate(f"{place}(hands.playground)")
    curve = page.evaluate("hands.playground.curve.slice(-9).map((moment) => moment.step.here.loss)")
    page.wait_for_function("location.hash.includes('0.05x4')")
    address = page.evaluate("location.hash")
    page.reload()
    for again in (page, visit(address)):
        settle(again)
        assert again.evaluate(f"{place}(hands.playground)") == kept
        assert again.evaluate("hands.playground.curve.map((moment) => moment.step.here.loss)") == curve
        assert now(again, "settings") == {"direction": "momentum", "coordinates": "standardised", "C": 10}
        assert written(again, "iteration") == "8"


def test_an_address_that_somebody_changes_is_followed(visit):
    page = visit()
    page.evaluate("location.hash = 'table=xor&rate=0.5&weights=1,2,3'")
    page.wait_for_function(f"{NOW}.table.name === 'xor'")
    assert weights(page) == [1, 2, 3]


def test_an_address_is_followed_though_the_page_was_about_to_write_its_own(visit):
    page = visit()
    page.evaluate("location.hash = 'table=xor'; hands.keep()")
    page.wait_for_function(f"{NOW}.table.name === 'xor'")


def test_what_an_address_says_wrong_is_told_and_left(visit):
    page = visit("#table=penguins&rate=-1&C=0&direction=up&steps=0.1x99999&plants=1,2&weights=1,2&iteration=%C3")
    assert "does not know" in told(page)
    for word in (
        "table=penguins",
        "rate=-1",
        "C=0",
        "direction=up",
        "steps=",
        "plants=1,2",
        "weights=1,2",
        "iteration=",
    ):
        assert word in told(page)
    assert now(page, "table.name") == "plants"
    assert weights(page) == [0, 0, 0]
    assert page.evaluate("hands.playground.rate") == 0.1


def test_a_penalty_of_an_address_is_offered(visit):
    assert visit("#C=3").input_value("#penalty") == "3"


def test_the_link_is_copied_or_shown(visit):
    page = visit("#rate=0.25")
    page.evaluate("() => { navigator.clipboard.writeText = (words) => { window.copied = words; }; }")
    page.click("#share")
    page.wait_for_function("window.copied?.includes('rate=0.25')")
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error()); }")
    page.click("#share")
    page.wait_for_selector("#link:not([hidden])")
    assert page.input_value("#link") == page.url


TWO_THOUSAND = ";".join(f"{i % 100},{i // 100},{i % 2}" for i in range(2000))
STRANGE = {
    "weights=1e308,-1e308,0": True,
    "weights=1e75,-1e75,1e75": False,
    "weights=,,": True,
    "plants=1e308,1,0;-1e308,2,1;3,3,1": True,
    "plants=1e75,1e-75,0;-1e75,2e-75,1;3,3,1&coordinates=standardised": False,
    "plants=1e-300,1e-300,0;2e-300,2e-300,1;0,0,1": False,
    "plants=100000000000000000,1,0;100000000000000016,2,1;100000000000000032,1,1": False,
    "plants=3,3,0;3,3,1": False,
    "plants=0,0,1;0,0,1": False,
    "iteration=100000000000000000": True,
    "rate=1e308&steps=1e308x3": True,
    "rate=1e75&steps=1e75x9": False,
    "rate=1e75&steps=1e75x9&direction=momentum&coordinates=standardised": False,
    "direction=newton&rate=1e75&steps=1e75x9&C=1": False,
    "C=1e-320": True,
    "C=1e75&table=separable": False,
    "table=__proto__&direction=constructor": True,
    "table=%E0%A4%A&plants=%": True,
}


@pytest.mark.parametrize(("address", "is_refused"), STRANGE.items())
def test_no_address_is_an_error(visit, address, is_refused):
    """What no float can hold is refused; of the rest all is drawn, and comes to rest."""
    page = visit(f"#{address}")
    assert ("does not know" in told(page)) == is_refused
    step(page, 2)
    page.check("[value=standardised]", force=True)
    page.check("[name=axes][value='0,2']", force=True)
    page.focus("#field")
    for key in ("n", "a", "r", "ArrowRight", "Delete"):
        page.keyboard.press(key)
    settle(page)
    page.click("#back")
    page.reload()
    settle(page)


def test_a_picture_comes_to_rest_where_its_axes_are_nearly_of_one_scale(visit):
    page = visit("#coordinates=standardised&weights=-355224,-603609,4603721")
    page.check("[name=axes][value='0,2']", force=True)
    settle(page)
    page.evaluate("window.view = hands.landscape.view; hands.isStale = true")
    settle(page)
    assert page.evaluate("window.view === hands.landscape.view")


@pytest.mark.parametrize(
    ("address", "there"),
    [
        ("C=1e9&table=separable", True),  # flat, but held by the penalty
        ("plants=0,0,0;0,0,1;1,0,1;2,1,1;-1,1,0", False),  # the line turns about two that nothing separates
        ("plants=0,1,0;0,2,1;1,2,1;1,3,0", True),
        ("plants=1,1,0;2,2,1;3,3,0;4,4,1", True),  # one feature twice: a valley of minima
        ("plants=1,1,1;2,2,1&C=1", False),  # the bias pays nothing
    ],
)
def test_there_is_a_minimum_or_not(visit, address, there):
    page = visit(f"#{address}")
    assert ("J has no minimum" not in page.inner_text("#landscape-told")) == there


def test_why_j_rose_with_a_plant_less_tells_what_the_penalty_did(visit):
    page = visit("#plants=1,1,0;2,2,1;3,1,1&C=0.01&weights=2,2,-3")
    page.focus("#field")
    for key in ("n", "Delete"):
        page.keyboard.press(key)
    assert "and the penalty, 200 now and 133 before: J was 134 and is 200." in told(page)


def test_a_dial_is_taken_back_without_the_plant_that_was_dragged_before(visit):
    page = visit()
    drag(page, "field", X[3], EMPTY)
    page.focus("#dial-0")
    page.keyboard.press("ArrowRight")
    page.click("#back")
    np.testing.assert_allclose(now(page, "plants")[3]["x"], EMPTY, atol=0.05)
    assert weights(page) == [0, 0, 0]


def test_more_plants_than_there_may_be_do_not_grow(visit):
    page = visit(f"#plants={TWO_THOUSAND}")
    drag(page, "field", (-8, 21), (-4, 20))
    assert now(page, "plants.length") == 2000


def test_back_to_plants_elsewhere_they_are_in_sight(visit):
    page = visit("#plants=100,100,0;200,200,1;150,100,1")
    page.evaluate("location.hash = 'plants=1,1,0;2,2,1;3,1,0'")
    page.wait_for_function(f"{NOW}.plants[0].x[0] === 1")
    page.click("#back")
    page.mouse.move(*pixel(page, "field", (200, 200)))
    assert written(page, "x.0") == "200"


def test_the_dial_of_a_constant_feature_reaches_somewhere(visit):
    page = visit("#plants=3,1,0;3,2,1;3,1,1")
    assert float(page.get_attribute("#dial-0", "max")) == pytest.approx(1, abs=0.5)


# Keyboard and touch -------------------------------------------------------------------------------------------------


def tab_to(page, element):
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == element:
            return
    raise AssertionError(f"{element} is not reached")


def whispered(page):
    settle(page)
    return page.inner_text("#whisper")


def test_steps_are_taken_and_taken_back_by_keyboard_alone(visit):
    page = visit("#rate=0.1")
    tab_to(page, "step")
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowRight")
    assert written(page, "iteration") == "2"
    page.keyboard.press("ArrowLeft")
    assert written(page, "iteration") == "1"


def test_plants_are_walked_through_moved_recoloured_removed_and_added_by_keyboard_alone(visit):
    page = visit()
    tab_to(page, "field")
    page.keyboard.press("n")
    assert whispered(page).startswith("Plant 1 of 60, ")
    page.keyboard.press("p")
    assert whispered(page).startswith("Plant 60 of 60, ")
    before = now(page, "plants")[59]
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowUp")
    after = now(page, "plants")[59]
    (low, high), (bottom, top) = page.evaluate("hands.field.view")
    np.testing.assert_allclose(after["x"][0] - before["x"][0], (high - low) / 100, atol=0.011)
    np.testing.assert_allclose(after["x"][1] - before["x"][1], (top - bottom) / 10, atol=0.011)
    page.keyboard.press("r")
    assert now(page, "plants")[59]["y"] == 1 - before["y"]
    page.keyboard.press("Delete")
    assert now(page, "plants.length") == 59
    page.keyboard.press("a")
    assert now(page, "plants.length") == 60
    page.keyboard.press("Escape")
    assert whispered(page) == ""


def test_no_key_pushes_a_plant_out_of_sight(visit):
    page = visit()
    page.focus("#field")
    page.keyboard.press("n")
    for _ in range(11):
        page.keyboard.press("Shift+ArrowRight")
    np.testing.assert_allclose(now(page, "plants")[0]["x"][0], page.evaluate("hands.field.view[0][1]"), atol=0.01)


def test_the_neuron_is_moved_by_keyboard_alone(visit):
    page = visit()
    tab_to(page, "landscape")
    page.keyboard.press("ArrowRight")
    moved = weights(page)
    assert moved[0] > 0
    assert moved[1:] == [0, 0]
    tab_to(page, "dial-2")
    page.keyboard.press("ArrowRight")
    assert weights(page)[2] > 0
    assert weights(page)[:2] == moved[:2]


def stroke(page, start, end):
    """A finger from one place of the field to another."""
    fingers, start, end = page.context.new_cdp_session(page), pixel(page, "field", start), pixel(page, "field", end)
    way = [np.add(start, share * np.subtract(end, start)).tolist() for share in np.linspace(0, 1, 6)]
    for k, (x, y) in enumerate(way):
        event = {"type": "touchMove" if k else "touchStart", "touchPoints": [{"x": x, "y": y}]}
        fingers.send("Input.dispatchTouchEvent", event)
    fingers.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_a_finger_taps_drags_and_scrolls(visit):
    page = visit(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page.locator("#field").scroll_into_view_if_needed()
    page.touchscreen.tap(*pixel(page, "field", EMPTY))
    assert now(page, "plants.length") == 61
    page.touchscreen.tap(*pixel(page, "field", X[24]))
    assert now(page, "plants.length") == 61
    apart = int(np.argmax(X.sum(axis=1)))
    top = page.evaluate("scrollY")
    stroke(page, X[apart], (X[apart, 0], 0.6))
    assert page.evaluate("scrollY") == top
    np.testing.assert_allclose(now(page, "plants")[apart]["x"], [X[apart, 0], 0.6], atol=0.1)
    stroke(page, (1.2, 1.0), (1.2, 4.0))
    page.wait_for_timeout(100)
    assert now(page, "plants.length") == 61
    assert page.evaluate("scrollY") > top


def test_two_fingers_are_no_error(visit):
    page = visit(has_touch=True, viewport={"width": 900, "height": 1200})
    fingers = page.context.new_cdp_session(page)
    plant, walker = pixel(page, "field", X[3]), pixel(page, "landscape", (0, 0))
    for k in range(6):
        places = [(plant[0] + 10 * k, plant[1]), (walker[0], walker[1] + 10 * k)]
        points = [{"x": x, "y": y, "id": which} for which, (x, y) in enumerate(places)][: k + 1]
        kind = "touchMove" if k > 1 else "touchStart"
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    fingers.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    settle(page)
    assert page.evaluate("hands.held") is None


# Looks --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_wider_than_the_window(visit, width, scheme):
    page = visit("#table=far&rate=0.000001", viewport={"width": width, "height": 844}, color_scheme=scheme)
    step(page, 3)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert (
        page.evaluate("hands.theme === undefined && hands.field.theme.card")
        == {"light": "#ffffff", "dark": "#1d1a22"}[scheme]
    )


@pytest.mark.parametrize("width", [390, 1280])
def test_no_name_and_no_number_is_wider_than_the_window(visit, tmp_path, width):
    names, classes = ["length of " + 9 * "word " + "in", 300 * "w"], ["<script>alert(1)</script>", 400 * "c"]
    own = write_playground(tmp_path / "own.html", [[1e-30, 2e9], [-3e-30, 2.1e9]], [0, 1], names, classes)
    page = visit(viewport={"width": width, "height": 844})
    page.goto(own.as_uri())
    step(page, 2)
    settle(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_another_theme_is_followed(visit):
    page = visit(color_scheme="light")
    page.emulate_media(color_scheme="dark")
    page.wait_for_function("hands.field.theme.card === '#1d1a22'")


def test_the_field_is_painted_in_the_colour_of_the_belief(visit):
    page = visit("#weights=3,0,-12")
    settle(page)
    yellow, purple = page.evaluate("""() => {
        const { pen, canvas } = hands.field;
        const row = pen.getImageData(0, Math.round(hands.field.spot([0, 3.2])[1]), canvas.width, 1).data;
        const at = [2.2, 7.9].map((x) => 4 * Math.round(hands.field.spot([x, 0])[0]));
        return at.map((first) => [...row.slice(first, first + 3)]);
    }""")
    assert yellow[2] < yellow[0] - 50  # of yellow, blue lacks
    assert purple[1] < purple[2] - 30  # of purple, green does


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_fault(visit, width, scheme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
    page = visit("#rate=1", viewport={"width": width, "height": 844}, color_scheme=scheme)
    step(page)
    page.evaluate("document.querySelector('details').open = true")
    page.wait_for_timeout(300)
    found = axe.Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_it_opens_in_less_than_a_second(visit):
    times = [
        visit().evaluate("performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? performance.now()")
        for _ in range(3)
    ]
    assert min(times) < 1000
