// The island of the field page. Its page loads it with {% static "built/field.js" %}.
export {}
