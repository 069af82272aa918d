/** What a command that stays on the screen needs of its terminal. */
export interface Terminal {
  /** In characters, as it is now. */
  size(): { readonly columns: number; readonly rows: number };
  /**
   * - `resize`: {@link size} has changed
   * - `interrupt`: the command is to end (SIGINT, SIGTERM, SIGHUP)
   * - `suspend`: it is to give the terminal back, and then call {@link suspend} (SIGTSTP)
   * - `resume`: it has the terminal again (SIGCONT)
   */
  on(event: TerminalEvent, listener: () => void): Disposable;
  /** Stops the process, as Ctrl+Z does, until somebody lets it go on. */
  suspend(): void;
}
export type TerminalEvent = 'resize' | 'interrupt' | 'suspend' | 'resume';

const SIGNALS: Readonly<Record<TerminalEvent, readonly NodeJS.Signals[]>> = {
  resize: ['SIGWINCH'],
  interrupt: ['SIGINT', 'SIGTERM', 'SIGHUP'],
  suspend: ['SIGTSTP'],
  resume: ['SIGCONT'],
};

/** The terminal of this process. @param open Opens the stream that it is behind. */
export function processTerminal(open: () => NodeJS.WriteStream): Terminal {
  return {
    size: () => {
      const [columns, rows] = open().getWindowSize();
      // A terminal without a size, as under some tools for tests, says 0.
      return { columns: columns || 80, rows: rows || 24 };
    },
    on: (event, listener) => {
      const names = SIGNALS[event];
      // Node asks for the new size on "resize", after its own listener of SIGWINCH.
      if (event === 'resize') open().on('resize', listener);
      else for (const name of names) process.on(name, listener);
      return {
        [Symbol.dispose]: () => {
          if (event === 'resize') open().off('resize', listener);
          for (const name of names) process.off(name, listener);
        },
      };
    },
    suspend: () => void process.kill(process.pid, 'SIGSTOP'),
  };
}
