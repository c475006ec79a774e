import { catalogue } from '../../i18n/catalogue';
import { learnErrors } from '../errorSentence';
import en from './locale/en.json';
import zh from './locale/zh-CN.json';

// Codes that only who is signed in can meet.
learnErrors(catalogue(zh, en));
