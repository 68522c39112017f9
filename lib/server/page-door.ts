import 'server-only';
import { admit } from './admit';
import { toApiError } from './api-error';
import { LimitReached } from './limit-reached';
import { requestInfo } from './request-info';
import { runtime } from './runtime';
import { NUMBER_HEADER, type WhenAnswered } from './watch-requests';

/** A page is rendered out of several answers. */
const WEIGHT = 5;
/** No page takes longer to render; who reads slowly must not keep others out. */
const RENDERED_MS = 6_000;

/** Why a page is not rendered now: a sentence, and when to ask again. Null: it may be. */
export type PageDoor = (
  headers: Pick<Headers, 'get'>,
) => Promise<{ status: number; text: string; afterS: number } | null>;

/** Before a page is rendered, or one that leads to the sign-in: there has to be room for the request, as in the API. */
export const pageDoor =
  (whenAnswered: WhenAnswered): PageDoor =>
  async (headers) => {
    const { locale, ...info } = requestInfo({ headers });
    try {
      const { limits } = runtime();
      const { asker } = await admit({ ...info, authorization: null }, WEIGHT);
      const leave = await limits.enter(asker);
      const timer = setTimeout(leave, RENDERED_MS);
      whenAnswered(headers.get(NUMBER_HEADER), () => {
        clearTimeout(timer);
        leave();
      });
      return null;
    } catch (error) {
      // The page tells whatever else is wrong.
      if (!(error instanceof LimitReached)) return null;
      await runtime().limits.holdBack(error);
      const { status, params, message, hint = '' } = toApiError(error, locale, '');
      return { status, text: `${message} ${hint}`, afterS: Number(params.retryAfterS ?? 1) };
    }
  };
