import Foundation
import TestSupport
import Testing

/// The messages of `staticd collect` and where they go.
@Suite struct CollectOutputTests {
  private let source = TemporaryDirectory()
  private let second = TemporaryDirectory()
  private let root = TemporaryDirectory()

  private func collect(_ arguments: String...) -> CommandResult {
    Command.run(
      [Command.staticd, "collect", source.path, second.path, "--root", root.path, "--formats"]
        + ["none"] + arguments
    )
  }

  @Test("the last report stays until a new one is complete, and --clear keeps the new one")
  func lastReport() throws {
    let site = TemporaryDirectory()
    site.write("x", to: "assets/a.css")
    let root = ["--root", "root", "--clear", "--no-cache"]
    func collect(_ arguments: String...) -> CommandResult {
      Command.run(
        [Command.staticd, "collect", "assets"] + root + arguments,
        directory: site.path
      )
    }
    #expect(collect().status == 0)
    #expect(collect("--report", "root/report.json").status == 0)
    #expect(site.text("root/report.json")?.hasSuffix("}\n") == true)
    site.write("last", to: "last.json")
    // Fails before the run.
    #expect(collect("--report", "last.json", "--jobs", "0").status == 2)
    #expect(site.text("last.json") == "last")
    #expect(collect("--report", "last.json").status == 0)
    #expect(site.text("last.json")?.hasSuffix("}\n") == true)
    try FileManager.default.createSymbolicLink(
      atPath: site.path("link.json"),
      withDestinationPath: "last.json"
    )
    #expect(collect("--report", "link.json").status == 0)
    #expect(
      try FileManager.default.destinationOfSymbolicLink(atPath: site.path("link.json"))
        == "last.json"
    )
    let lines = collect("--report", "/dev/stdout").output
    #expect(lines.contains("\"copied\"") && lines.contains(" static file"), "\(lines)")
    for name in ["", "none/report.json", "assets"] {
      let refused = collect("--report", name)
      #expect(refused.status == 3 || refused.status == 2, "\(name) \(refused.errors)")
    }
    #expect(site.files().filter { $0.contains(".new") }.isEmpty)
  }

  @Test("a root that holds sources or a repository is not cleared", arguments: [false, true])
  func clear(isDryRun: Bool) {
    let site = TemporaryDirectory()
    site.write("x", to: "assets/a.css")
    site.write("x", to: "other/.git/config")
    for root in [".", "other", "assets/.."] {
      let arguments = ["collect", "assets", "--root", root, "--clear"]
      let result = Command.run(
        [Command.staticd] + arguments + (isDryRun ? ["--dry-run"] : []),
        directory: site.path
      )
      #expect(result.status == 2)
      #expect(result.errorLines.count == 1)
      #expect(result.errors.contains("root '\(root)' is not cleared, because it holds "))
    }
    #expect(site.files() == ["assets/a.css", "other/.git/config"])
  }

  @Test("the summary line of collectstatic")
  func sentence() {
    source.write("a", to: "a.txt")
    second.write("hidden", to: "a.txt")
    root.write("old", to: "old.txt")
    let place = "to '\(root.path)'"
    #expect(
      collect("--clear").output == "1 static file deleted, 1 static file copied \(place), "
        + "1 post-processed, 1 skipped due to conflict.\n"
    )
    source.write("b", to: "b.txt")
    source.write("c", to: "c.txt")
    #expect(
      collect().output == "2 static files copied \(place), 1 unmodified, 3 post-processed, "
        + "1 skipped due to conflict.\n"
    )
    #expect(
      collect("--link").output == "3 static files symlinked \(place), 3 post-processed, "
        + "1 skipped due to conflict.\n"
    )
    #expect(
      collect("--no-post-process").output
        == "3 static files copied \(place), 1 skipped due to conflict.\n"
    )
    #expect(collect("-q").output.isEmpty)
  }

  @Test("every file, in collectstatic's wording")
  func verbose() {
    source.write("a", to: "a.txt")
    source.write("b", to: "b.txt")
    second.write("hidden", to: "a.txt")
    _ = collect()
    source.write("changed", to: "b.txt")
    root.write("old", to: "old.txt")
    let hashed = "b.8977dfac2f8e.txt"
    let lines = [
      "Deleting 'b.92eb5ffee6ae.txt'", "Deleting 'old.txt'", "Copying '\(source.path)/b.txt'",
      "Skipping 'a.txt' (not modified)",
      "Found another file with the destination path 'a.txt'. It will be ignored since only the "
        + "first encountered file is collected.",
      "Post-processed 'b.txt' as '\(hashed)'",
    ]
    let result = collect("--clear", "--verbose")
    #expect(result.output.split(separator: "\n").dropLast().map(String.init) == lines)

    source.write("changed again", to: "b.txt")
    root.write("old", to: "old.txt")
    let pretended = collect("--clear", "--dry-run").output.split(separator: "\n").map(String.init)
    #expect(
      pretended == [
        "Pretending to delete '\(hashed)'", "Pretending to delete 'old.txt'",
        "Pretending to copy '\(source.path)/b.txt'",
        "2 static files deleted, 1 static file copied to '\(root.path)', 1 unmodified, "
          + "1 skipped due to conflict.",
        "Nothing was written: this was a dry run.",
      ]
    )
    #expect(
      collect("--dry-run", "--link").output.hasPrefix(
        "Pretending to link '\(source.path)/a.txt'\nPretending to link '\(source.path)/b.txt'\n"
      )
    )
    #expect(root.text("b.txt") == "changed")
  }

  @Test("warnings are printed, and the release is published")
  func warnings() {
    source.write("f()\n//# sourceMappingURL=no.map\n", to: "a.js")
    let warning = "staticd: \(source.path)/a.js:2: warning: 'no.map': there is no file 'no.map'\n"
    for arguments in [[], ["-q"]] {
      let result = Command.run(
        [Command.staticd, "collect", source.path, "--root", root.path] + arguments
      )
      #expect(result.status == 0)
      #expect(result.errors == warning)
    }
    let strict = collect("--missing-source-maps", "error")
    #expect(strict.status == 1)
    #expect(strict.errorLines.last == "staticd: 1 problem; nothing was published")
    source.write("url(no.png)", to: "a.css")
    let both = collect()
    #expect(both.errorLines.last == "staticd: 1 problem and 1 warning; nothing was published")
    let lenient = collect("--missing", "warn")
    #expect(lenient.status == 0)
    #expect(lenient.errorLines.count == 2)
  }

  @Test("the report is written for success and failure, and is the only text on standard output")
  func report() throws {
    source.write("a", to: "a.txt")
    let outputs = TemporaryDirectory()
    let report = outputs.path("report.json")
    #expect(collect("--report", report, "--ignore", "*.json").status == 0)
    #expect(try object(outputs.read("report.json"))["copied"] as? [String] == ["a.txt"])
    let piped = collect("--report", "-", "-v", "--ignore", "*.json")
    #expect(try object(Array(piped.output.utf8))["unmodified"] as? [String] == ["a.txt"])
    source.write("url(no.png)", to: "a.css")
    let failed = collect("--report", report, "--ignore", "*.json")
    #expect(failed.status == 1)
    let problems = try object(outputs.read("report.json"))["problems"] as? [[String: Any]]
    #expect(problems?.first?["kind"] as? String == "missing-reference")
    #expect(problems?.first?["reference"] as? String == "no.png")
    #expect(problems?.first?["severity"] as? String == "error")

    let file = source.write("x", to: "file")
    let system = Command.staticd("collect", source.path, "--root", file, "--report", report)
    #expect(system.status != 0)
    let nowhere = collect("--report", outputs.path("no/such"))
    #expect(nowhere.status == 3)
    #expect(nowhere.errorLines.count == 1)
    #expect(nowhere.errors.contains("cannot write the report"))
  }

  private func object(_ bytes: [UInt8]?) throws -> [String: Any] {
    let object = try JSONSerialization.jsonObject(with: Data(try #require(bytes)))
    return try #require(object as? [String: Any])
  }

  @Test(
    "progress: a bar that fits the terminal, and none elsewhere",
    arguments: [(80, "1"), (140, ""), (80, ""), (24, "")]
  )
  func progress(width: Int, noColor: String) throws {
    for index in 0..<6 {
      var text = ""
      var state = UInt64(index + 1)
      for _ in 0..<25_000 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        text += " word\(state >> 52)"
      }
      source.write(text, to: "a directory with a rather long name/another one/file\(index).css")
    }
    let script = """
      import fcntl, os, pty, struct, sys, termios
      pid, terminal = pty.fork()
      if pid == 0:
          fcntl.ioctl(2, termios.TIOCSWINSZ, struct.pack("HHHH", 24, int(sys.argv[1]), 0, 0))
          os.execv(sys.argv[2], sys.argv[2:])
      data = b""
      while True:
          try:
              part = os.read(terminal, 65536)
          except OSError:
              break
          if not part:
              break
          data += part
      os.write(1, data)
      """
    let result = Command.run(
      ["python3", "-c", script, "\(width)", Command.staticd, "collect", "--no-cache", source.path]
        + ["--root", root.path, "--jobs", "2"],
      environment: ["NO_COLOR": noColor, "TERM": "xterm"]
    )
    // The bar is removed by a line that begins with the clearing sequence.
    let pictures = result.output.components(separatedBy: "\r").filter { $0.hasSuffix("\u{1B}[K") }
    #expect(pictures.count > 3)
    let lines = pictures.filter { $0 != "\u{1B}[K" }.map { picture in
      picture.replacing("\u{1B}[K", with: "").replacing("\u{1B}[32m", with: "")
        .replacing("\u{1B}[0m", with: "")
    }
    #expect(lines.allSatisfy { $0.count < width }, "\(lines)")
    #expect(result.output.contains("\u{1B}[32m") == noColor.isEmpty)
    #expect(lines.contains { $0.hasPrefix("Compressing") })
    if width >= 80 {
      #expect(lines.contains { $0.contains(" MiB  ") && $0.contains("/6 files") })
      #expect(lines.contains { $0.contains(" left  ") && $0.hasSuffix(".css") })
    }
    // The bar is removed before the results are printed.
    #expect(result.output.contains("\r\u{1B}[K6 static files copied"))
  }

  @Test("a run without changes reports the same, with names on request")
  func nothingChanged() throws {
    source.write("f()\n//# sourceMappingURL=no.map\n", to: "a.js")
    second.write("a {}", to: "a.css")
    // Files changed within the last seconds are read again in any case.
    let old = Date(timeIntervalSinceNow: -100)
    for path in [source.path("a.js"), second.path("a.css")] {
      try FileManager.default.setAttributes([.modificationDate: old], ofItemAtPath: path)
    }
    for directory in [source, second] { directory.settle() }
    let cache = TemporaryDirectory()
    let sentence = "0 static files copied to '\(root.path)', 2 unmodified, 2 post-processed.\n"
    for round in 0..<3 {
      let result = collect("--cache", cache.path)
      #expect(result.errors.contains("warning: 'no.map'"))
      if round > 0 { #expect(result.output == sentence) }
    }
    try FileManager.default.removeItem(atPath: source.path("a.js"))
    _ = collect("--cache", cache.path)
    let unchanged = collect("--cache", cache.path)
    #expect(unchanged.output.contains(", 1 unmodified, 1 post-processed"))
    let named = try object(Array(collect("--cache", cache.path, "--report", "-").output.utf8))
    #expect(named["unmodified"] as? [String] == ["a.css"])
    #expect((named["postProcessed"] as? [[String: Any]])?.count == 1)
    root.write("by hand", to: "hand.txt")
    let cleared = collect("--cache", cache.path, "--clear")
    #expect(cleared.output.contains("static files deleted, 0 static files copied"))
    #expect(root.read("hand.txt") == nil)
    #expect(!collect("--cache", cache.path, "--clear").output.contains("deleted"))
  }

  @Test("a dry run writes nothing to the cache")
  func dryRunAndCache() {
    source.write("a", to: "a.txt")
    let cache = TemporaryDirectory()
    #expect(collect("--dry-run", "--cache", cache.path("none")).status == 0)
    #expect(!FileManager.default.fileExists(atPath: cache.path("none")))
  }

  @Test("--progress selects no bar, or plain lines")
  func progressStyles() {
    source.write("a", to: "a.txt")
    for style in ["auto", "plain", "none", "bar"] {
      let result = collect("--progress", style)
      #expect(result.status == 0)
      #expect(result.errors.isEmpty)
    }
    let wrong = collect("--progress", "dots")
    #expect(wrong.status == 2)
    #expect(wrong.errors.contains("--progress"))
  }

  @Test(
    "wrong use",
    arguments: [
      ["-v", "-q"], ["--file-mode", "999"], ["--file-mode", "-1"], ["--file-mode", "10000"],
      ["--directory-mode", "rwx"], ["--missing", "ignore"], ["--immutable", ""],
      ["--skip-compress", ""], ["--keep-only-hashed", "--no-post-process"],
    ]
  )
  func usage(arguments: [String]) {
    source.write("a", to: "a.txt")
    let result = Command.run(
      [Command.staticd, "collect", source.path, "--root", root.path] + arguments
    )
    #expect(result.status == 2)
    #expect(result.errorLines.count == 1, "\(result.errors)")
    #expect(root.files().isEmpty)
  }
}
