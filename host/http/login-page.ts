/** What somebody without a login sees; fixed text, so nothing of a request can reach it. */
export const loginPage = (title: string, text: string): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Greenroom</title>
<style>
  :root { color-scheme: light dark }
  body { font: 16px/1.5 system-ui, sans-serif; display: grid; place-items: center; min-height: 90vh; margin: 0 }
  main { max-width: 34rem; padding: 2rem }
  h1 { font-size: 1.3rem }
</style>
<main>
<h1>${title}</h1>
<p>${text}</p>
</main>
</html>
`

export const notLoggedIn = (): string =>
  loginPage(
    'The studio is running, but this browser is not logged in',
    'Start Greenroom again (<code>npm start</code>, or <code>greenroom</code>): it finds the running studio and opens it, or prints a link that works once. This keeps other people and programs on this machine out.',
  )

export const otherAddress = (origin: string): string =>
  loginPage('This is not the studio’s address', `Open <a href="${origin}/">${origin}</a> instead.`)
