import { type Dirent, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import dockerignore from "@balena/dockerignore";
import { Problem } from "../model/problem.ts";
import { mayBringBack } from "./ignore-patterns.ts";

/** What a folder contains, relative to it and sorted. */
export interface FolderContent {
  /** Files and symbolic links. */
  files: string[];
  /** Folders, also empty ones. */
  folders: string[];
}

/** The files in a folder, relative to it and sorted, except those that its ignore file (in the format of `.dockerignore`) matches. */
export function filesOf(folder: string, ignoreFile: string): string[] {
  return contentOf(folder, ignoreFile).files;
}

/** The files in a folder, relative to it and sorted, except those that the patterns match. */
export function filesExcept(folder: string, patterns: string): string[] {
  return contentExcept(folder, patterns).files;
}

/** Like `filesOf`, with the folders. */
export function contentOf(folder: string, ignoreFile: string): FolderContent {
  return contentExcept(folder, readIfExists(join(folder, ignoreFile)) ?? "", ignoreFile);
}

/** The text of a file; undefined if there is none. */
export function readIfExists(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

function contentExcept(folder: string, patterns: string, ignoreFile?: string): FolderContent {
  const ignored = dockerignore({ ignorecase: false }).add(patterns);
  const keepsAll = (path: string) => ignored.ignores(path) && !mayBringBack(patterns, path);
  const content: FolderContent = { files: [], folders: [] };
  const visit = (at: string): void => {
    for (const entry of entriesOf(folder, at, ignoreFile)) {
      const path = join(at, entry.name);
      if (entry.isDirectory()) {
        if (keepsAll(path)) continue;
        if (!ignored.ignores(path)) content.folders.push(path);
        visit(path);
        // Docker skips sockets, pipes and devices too.
      } else if ((entry.isFile() || entry.isSymbolicLink()) && !ignored.ignores(path)) content.files.push(path);
    }
  };
  visit("");
  return { files: content.files.sort(), folders: content.folders.sort() };
}

function entriesOf(folder: string, at: string, ignoreFile?: string): Dirent[] {
  try {
    return readdirSync(join(folder, at), { withFileTypes: true });
  } catch (error) {
    if (!isRefused(error)) throw error;
    const leaveOut = ignoreFile && at !== "" ? `, or leave it out: add /${at} to ${join(folder, ignoreFile)}` : "";
    throw new Problem(`This account cannot read the folder ${join(folder, at)}. Allow it${leaveOut}.`);
  }
}

/** Whether an error of the file system is a lack of permission. */
export function isRefused(error: unknown): boolean {
  return hasCode(error, "EACCES") || hasCode(error, "EPERM");
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
