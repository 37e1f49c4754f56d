import Link from "next/link";

export default function NotFound() {
  return (
    <main>
      <h1>There is nothing here</h1>
      <p>
        <Link href="/">To the dashboard</Link>
      </p>
    </main>
  );
}
