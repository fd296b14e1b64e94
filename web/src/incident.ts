// The island of the incident page. Its page loads it with {% static "built/incident.js" %}.
export {}
