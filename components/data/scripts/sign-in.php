<?php
// Signs in to Adminer before each page, unless its session is signed in already. It keeps the password where Adminer 4 and 5 do.
(function () {
	// Only for addresses of this machine: a web site whose name is made to point here must not reach the database.
	$host = preg_replace('~:\d+$~', '', $_SERVER['HTTP_HOST'] ?? '');
	if (!in_array($host, ['localhost', '127.0.0.1'], true)) {
		return;
	}
	$account = json_decode(file_get_contents(__DIR__ . '/account.json'), true);
	['server' => $server, 'user' => $user, 'password' => $password, 'database' => $database] = $account;
	session_name('adminer_sid');
	session_set_cookie_params(['path' => '/', 'httponly' => true, 'samesite' => 'lax']);
	session_start();
	if (!isset($_SESSION['pwds']['pgsql'][$server][$user])) {
		$_SESSION['pwds']['pgsql'][$server][$user] = $password;
		$_SESSION['db']['pgsql'][$server][$user][$database] = true;
	}
	session_write_close();
	if ($_SERVER['REQUEST_METHOD'] === 'GET' && $_GET === []) {
		header('Location: ?' . http_build_query(['pgsql' => $server, 'username' => $user, 'db' => $database, 'ns' => 'public']));
		exit;
	}
})();
