// The island of the board page. Its page loads it with {% static "built/board.js" %}.
export {}
