// Runs before the first paint: sets the chosen colour scheme and says that scripts work.
const root = document.documentElement
root.classList.add('has-scripts')
try {
  const chosen = localStorage.getItem('scheme')
  if (chosen === 'light' || chosen === 'dark') root.dataset['scheme'] = chosen
} catch {
  // Storage may be forbidden; then the device's scheme holds.
}
