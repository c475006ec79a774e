"""The sound of an alert is made: what goes to the loudspeaker is listened to in the page, since nothing else hears it.

A headless browser has no device to record from. Its sound is open once somebody clicked, as in any other.
"""

import pytest
from playwright.async_api import Browser

from tests.e2e.desk import sign_in
from tests.e2e.running import RunningCentre
from tests.support.waiting import until

pytestmark = [pytest.mark.voice, pytest.mark.browser]

LISTEN = """
const Device = AudioContext;
window.AudioContext = class extends Device {
  constructor() {
    super();
    window.ear = this.createAnalyser();
    window.ear.fftSize = 32768;
    window.ear.connect(super.destination);
    // What went in once goes round and round: a page that is busy just then hears it all the same.
    const round = this.createDelay();
    round.delayTime.value = 0.3;
    window.ear.connect(round).connect(window.ear);
    Object.defineProperty(this, 'destination', { value: window.ear });
  }
};
"""
LOUDEST = """() => {
  if (window.ear === undefined) return 0;
  const heard = new Float32Array(window.ear.fftSize);
  window.ear.getFloatTimeDomainData(heard);
  return Math.max(...heard);
}"""


async def test_the_sound_of_an_alert_is_heard_when_it_is_asked_for(centre: RunningCentre, chromium: Browser) -> None:
    context = await chromium.new_context(locale="zh-CN")
    await context.add_init_script(LISTEN)
    page = await context.new_page()
    await sign_in(page, centre, "8026")
    await page.goto(f"{centre.address}/account")
    listen = page.get_by_role("button", name="试听")
    await listen.wait_for()
    assert await page.evaluate(LOUDEST) == 0

    await listen.click()

    async def is_heard() -> bool:
        return float(await page.evaluate(LOUDEST)) > 0.1

    await until(is_heard, "tone", every=0.05)
    assert await page.get_by_text("浏览器没有放出声音").count() == 0
    await context.close()
