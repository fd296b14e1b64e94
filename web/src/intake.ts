// The island of the intake page. Its page loads it with {% static "built/intake.js" %}.
export {}
