#include "ui/term.h"

#include "base/buf.h"
#include "base/mem.h"
#include "ui/crash.h"
#include "ui/term_state.h"
#include "ui/terminfo.h"

#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

static const char tty_path[] = "/dev/tty";

bool term_usable(const char **why)
{
    if (!isatty(STDIN_FILENO)) {
        *why = "standard input is not a terminal";
        return false;
    }
    if (!isatty(STDOUT_FILENO)) {
        *why = "standard output is not a terminal";
        return false;
    }
    *why = terminfo_flaw(getenv("TERM"));
    return !*why;
}

static FILE *open_stream(int flags, const char *mode, struct error *err)
{
    int fd = open(tty_path, flags | O_CLOEXEC | O_NOCTTY);
    FILE *stream = fd < 0 ? NULL : fdopen(fd, mode);

    if (!stream)
        error_set(err, "%s: %s", tty_path, strerror(errno));
    if (!stream && fd >= 0)
        close(fd);
    return stream;
}

static void on_no_signal(int number)
{
    (void)number;
}

/* newterm takes SIGINT, SIGTERM, SIGTSTP and SIGWINCH where they have their
 * default action, with handlers that call curses from anywhere. It is shown
 * other handlers; signals that come meanwhile wait for those they belong to. */
static SCREEN *new_screen(FILE *out, FILE *in)
{
    static const int taken[] = {SIGINT, SIGTERM, SIGTSTP, SIGWINCH};
    enum { COUNT = sizeof taken / sizeof *taken };
    struct sigaction found[COUNT], none = {.sa_handler = on_no_signal};
    sigset_t blocked, mask;

    sigemptyset(&blocked);
    for (size_t i = 0; i < COUNT; i++)
        sigaddset(&blocked, taken[i]);
    sigprocmask(SIG_BLOCK, &blocked, &mask);
    for (size_t i = 0; i < COUNT; i++)
        sigaction(taken[i], &none, &found[i]);
    SCREEN *screen = newterm(NULL, out, in);
    for (size_t i = 0; i < COUNT; i++)
        sigaction(taken[i], &found[i], NULL);
    sigprocmask(SIG_SETMASK, &mask, NULL);
    return screen;
}

/* Past curses, whose own output is all written out after a paint (putp goes to
 * stdout). */
void term_send(const struct term *term, const char *sequence)
{
    fputs(sequence, term->out);
    fflush(term->out);
}

/* Terminals whose description knows nothing of bracketed paste (screen, linux)
 * do it or pass over the unknown mode, as long as they speak ECMA-48. */
static void find_paste(struct term *term)
{
    const char *move = terminfo_string("cup");
    bool ecma48 = move && strncmp(move, "\033[", 2) == 0;

    term->paste_on = terminfo_string("BE");
    term->paste_off = terminfo_string("BD");
    if (!term->paste_on || !term->paste_off) {
        term->paste_on = ecma48 ? "\033[?2004h" : "";
        term->paste_off = ecma48 ? "\033[?2004l" : "";
    }
}

static bool color_wanted(const struct term_options *options)
{
    const char *no_color = getenv("NO_COLOR");
    return options->color && !(no_color && *no_color);
}

static void set_modes(void)
{
    raw();
    noecho();
    nonl();
    intrflush(stdscr, FALSE);
    keypad(stdscr, TRUE);
    /* Waiting keys would cut a paint short; the loop has drained them. */
    typeahead(-1);
}

/* Opens tty and screen; what was opened stays in term on failure. */
static bool take_over(struct term *term, struct error *err)
{
    term->in = open_stream(O_RDONLY | O_NONBLOCK, "r", err);
    if (!term->in)
        return false;
    term->out = open_stream(O_WRONLY, "w", err);
    if (!term->out)
        return false;
    tcgetattr(fileno(term->out), &term->modes);
    /* LINES and COLUMNS of the environment would outlive a resize. */
    use_env(FALSE);
    use_tioctl(TRUE);
    term->screen = new_screen(term->out, term->in);
    if (!term->screen)
        error_set(err, "%s: the terminal cannot be used", getenv("TERM"));
    return term->screen != NULL;
}

static void release(struct term *term)
{
    if (term->screen)
        delscreen(term->screen);
    if (term->out)
        fclose(term->out);
    if (term->in)
        fclose(term->in);
    free(term);
}

struct term *term_open(const struct term_options *options, struct error *err)
{
    struct term *term = mem_zalloc(sizeof *term);

    if (!take_over(term, err)) {
        release(term);
        return NULL;
    }
    term->ascii = options->ascii || strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
    set_modes();
    term->depth = style_start(color_wanted(options));
    /* Until it has come back from endwin once, ncurses 6.4 writes after every
     * move of the cursor: 25 writes for a screen instead of one. */
    endwin();
    find_paste(term);
    term_send(term, term->paste_on);
    return term;
}

void term_close(struct term *term)
{
    if (!term)
        return;
    term_suspend(term);
    release(term);
}

void term_crash_guard(const struct term *term)
{
    static const char *const names[] = {"rmacs", "sgr0", "op", "rmkx", "cnorm"};
    const char *normal_screen = terminfo_string("rmcup");
    struct buf text = {0};

    buf_puts(&text, term->paste_off);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        terminfo_add(&text, terminfo_string(names[i]));
    terminfo_add(&text, normal_screen ? normal_screen : terminfo_move(LINES - 1, 0));
    buf_puts(&text, "\r\n");
    crash_arm(fileno(term->out), &term->modes, text.data, text.len);
    buf_clear(&text);
}

int term_fd(const struct term *term)
{
    return fileno(term->in);
}

ssize_t term_read(struct term *term, char *bytes, size_t n)
{
    ssize_t got = read(fileno(term->in), bytes, n);

    if (got > 0)
        return got;
    bool waits = got < 0 && (errno == EAGAIN || errno == EINTR);
    return waits ? 0 : -1;
}

enum key_code term_lookup(const char *sequence)
{
    static const struct {
        int curses;
        enum key_code code;
    } keys[] = {
        {KEY_UP, INPUT_UP},           {KEY_SR, INPUT_UP},          {KEY_DOWN, INPUT_DOWN},
        {KEY_SF, INPUT_DOWN},         {KEY_LEFT, INPUT_LEFT},      {KEY_SLEFT, INPUT_LEFT},
        {KEY_RIGHT, INPUT_RIGHT},     {KEY_SRIGHT, INPUT_RIGHT},   {KEY_HOME, INPUT_HOME},
        {KEY_SHOME, INPUT_HOME},      {KEY_FIND, INPUT_HOME},      {KEY_A1, INPUT_HOME},
        {KEY_END, INPUT_END},         {KEY_SEND, INPUT_END},       {KEY_SELECT, INPUT_END},
        {KEY_C1, INPUT_END},          {KEY_PPAGE, INPUT_PAGE_UP},  {KEY_SPREVIOUS, INPUT_PAGE_UP},
        {KEY_A3, INPUT_PAGE_UP},      {KEY_NPAGE, INPUT_PAGE_DOWN}, {KEY_SNEXT, INPUT_PAGE_DOWN},
        {KEY_C3, INPUT_PAGE_DOWN},    {KEY_IC, INPUT_INSERT},      {KEY_SIC, INPUT_INSERT},
        {KEY_DC, INPUT_DELETE},       {KEY_SDC, INPUT_DELETE},     {KEY_BTAB, INPUT_BACKTAB},
        {KEY_ENTER, INPUT_ENTER},     {KEY_BACKSPACE, INPUT_BACKSPACE},
        /* Only told apart by what follows, which the decoder knows. */
        {KEY_MOUSE, INPUT_NONE},
    };
    int curses = key_defined(sequence);

    /* Past KEY_MAX are xterm's modified keys, which need no table. */
    if (curses <= 0 || curses > KEY_MAX)
        return INPUT_NONE;
    if (curses >= KEY_F(1) && curses <= KEY_F(12))
        return (enum key_code)(INPUT_F1 + (curses - KEY_F(1)));
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (keys[i].curses == curses)
            return keys[i].code;
    return INPUT_OTHER;
}

void term_suspend(struct term *term)
{
    crash_sleep(true);
    term_send(term, term->paste_off);
    endwin();
    /* Without a second screen what follows goes on below this one. */
    if (!terminfo_string("rmcup"))
        term_send(term, "\r\n");
    term->suspended = true;
}

void term_resume(struct term *term)
{
    /* Only a screen that was left is entered again with all its modes. */
    if (!term->suspended)
        endwin();
    term->suspended = false;
    reset_prog_mode();
    term_send(term, term->paste_on);
    term_resize(term);
    crash_sleep(false);
}

void term_stop(struct term *term)
{
    struct sigaction found, stop = {.sa_handler = SIG_DFL};
    sigset_t mask, wanted;

    term_suspend(term);
    sigemptyset(&wanted);
    sigaddset(&wanted, SIGTSTP);
    sigaction(SIGTSTP, &stop, &found);
    sigprocmask(SIG_UNBLOCK, &wanted, &mask);
    kill(0, SIGTSTP);
    sigprocmask(SIG_SETMASK, &mask, NULL);
    sigaction(SIGTSTP, &found, NULL);
    term_resume(term);
}

void term_resize(struct term *term)
{
    struct winsize size;

    if (ioctl(fileno(term->out), TIOCGWINSZ, &size) == 0 && size.ws_row > 0 && size.ws_col > 0)
        resizeterm(size.ws_row, size.ws_col);
    term_redraw(term);
}

void term_redraw(struct term *term)
{
    (void)term;
    clearok(curscr, TRUE);
}
