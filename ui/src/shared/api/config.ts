import type { CreateClientConfig } from './generated/client.gen';
import { careFetch } from '../http/careFetch';
import { serverOrigin } from '../http/origin';

/** How the generated client asks: with our credentials, and with our errors (see careFetch). */
export const createClientConfig: CreateClientConfig = (config) => ({ ...config, baseUrl: serverOrigin(), fetch: careFetch });
