/** The part of the widget that records, brought into a page when somebody first wants to speak. */
import { recordVoice } from '@/features/widget/voice';
import { RECORD_VOICE } from '@/features/widget/voiceName';

Object.assign(window, { [RECORD_VOICE]: recordVoice });
