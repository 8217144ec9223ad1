/* The least that a curses program can do: draw one full screen, then wait for a
 * key. The measure for the start of the dashboard. */
#include <curses.h>
#include <locale.h>

int main(void)
{
    setlocale(LC_ALL, "");
    if (!initscr())
        return 1;
    for (int row = 0; row < LINES; row++)
        for (int col = 0; col < COLS; col++)
            mvaddch(row, col, (chtype)('a' + (row + col) % 26));
    refresh();
    getch();
    return endwin() == ERR;
}
