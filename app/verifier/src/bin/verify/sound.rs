//! A short sound for each state, so that nobody has to look up.

use app::text::check::Beep;
use std::cell::RefCell;
use web_sys::AudioContext;

thread_local! {
    /// Made with the first touch or key: browsers keep pages quiet until then.
    static CONTEXT: RefCell<Option<AudioContext>> = const { RefCell::new(None) };
}

/// The page was touched.
pub(crate) fn allow() {
    CONTEXT.with_borrow_mut(|context| {
        if context.is_none() {
            *context = AudioContext::new().ok();
        }
        if let Some(context) = context {
            let _ = context.resume();
        }
    });
}

/// Plays the tones one after the other, if the browser lets us.
pub(crate) fn play(beeps: &[Beep]) {
    CONTEXT.with_borrow(|context| {
        if let Some(context) = context {
            let _ = tones(context, beeps);
        }
    });
}

fn tones(context: &AudioContext, beeps: &[Beep]) -> Result<(), wasm_bindgen::JsValue> {
    let mut at = context.current_time() + 0.01;
    for (hertz, ms) in beeps {
        let end = at + f64::from(*ms) / 1000.0;
        if *hertz > 0 {
            let (tone, volume) = (context.create_oscillator()?, context.create_gain()?);
            tone.frequency().set_value(f32::from(*hertz));
            // Without a soft end it clicks.
            volume.gain().set_value_at_time(0.25, at)?;
            volume.gain().linear_ramp_to_value_at_time(0.0, end)?;
            tone.connect_with_audio_node(&volume)?;
            volume.connect_with_audio_node(&context.destination())?;
            tone.start_with_when(at)?;
            tone.stop_with_when(end)?;
        }
        at = end;
    }
    Ok(())
}
