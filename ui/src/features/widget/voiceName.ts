/** The name under which the widget finds what records, which comes in a script of its own. */
export const RECORD_VOICE = Symbol.for('careline.widget.record-voice');
