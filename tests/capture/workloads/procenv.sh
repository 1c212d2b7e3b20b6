# procenv: shows its own process.
procenv
true
