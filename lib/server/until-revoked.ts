import 'server-only';

const EVERY_MS = 1000;

/**
 * Passes a stream on while its reader may still have it: asked every second, and ended when not (safety C20). `onEnd` hears of
 * every end, whoever brought it about.
 */
export function untilRevoked(
  body: ReadableStream<Uint8Array>,
  mayHave: () => Promise<boolean>,
  onEnd: () => void = () => {},
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  let timer: NodeJS.Timeout | undefined;
  const end = () => {
    clearInterval(timer);
    onEnd();
  };
  return new ReadableStream<Uint8Array>({
    start(controller) {
      timer = setInterval(async () => {
        if (await mayHave().catch(() => false)) return;
        end();
        await reader.cancel().catch(() => {});
        try {
          controller.close();
        } catch {
          // It had ended by itself meanwhile.
        }
      }, EVERY_MS);
    },
    async pull(controller) {
      const { done, value } = await reader.read().catch((error) => {
        end();
        throw error;
      });
      if (!done) return controller.enqueue(value);
      end();
      try {
        controller.close();
      } catch {
        // Revoked meanwhile.
      }
    },
    async cancel(reason) {
      end();
      await reader.cancel(reason);
    },
  });
}
