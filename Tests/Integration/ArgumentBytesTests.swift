import TestSupport
import Testing

/// Arguments that are not UTF-8.
///
/// Goal: such an argument never names another file; an app's arguments are passed unchanged.
@Suite struct ArgumentBytesTests {
  private func run(_ line: String) -> (result: CommandResult, fileCount: String?) {
    let site = TemporaryDirectory()
    site.write("a {}", to: "s/a.css")
    let script = """
      staticd() { '\(Command.staticd)' "$@"; }
      mkdir r $'s\\xff' && echo x >$'s\\xff/a.css' && echo 'jobs = 1' >$'c\\xff.toml'
      \(line)
      status=$?
      count=$(find . -type f | wc -l)
      echo "$count" >count
      rm -rf $'s\\xff' $'r\\xff' $'c\\xff' $'c\\xff.toml'
      exit $status
      """
    let result = Command.run(["bash", "-c", script], directory: site.path)
    return (result, site.text("count"))
  }

  @Test(
    "an argument that is not UTF-8 is refused",
    arguments: [
      #"collect s --root $'r\xff'"#, #"collect s --root=$'r\xff'"#, #"collect $'s\xff' --root r"#,
      #"collect --source $'s\xff' --root r"#, #"collect s --root r --cache $'c\xff'"#,
      #"collect s --root r --report $'c\xff'"#, #"collect s --root r --config $'c\xff.toml'"#,
      #"collect s --root r -- $'s\xff'"#, #"find $'a\xff.css' --source s"#, #"compress $'s\xff'"#,
      #"check --root $'r\xff'"#, #"explain $'/\xff' --root r"#, #"serve --root $'r\xff'"#,
      #"run --root $'r\xff' -- true"#, #"$'\xff'"#, #"man $'\xff'"#,
    ]
  )
  func refused(line: String) {
    let (result, fileCount) = run("staticd \(line)")
    #expect(result.status == 2)
    #expect(result.errorLines.count == 1, "\(result.errors)")
    #expect(result.errors.contains(#"\xFF"#) && result.errors.contains("' is not UTF-8; "))
    #expect(fileCount == "3\n")
  }

  @Test("several invalid arguments are all reported")
  func several() {
    let (result, _) = run(#"staticd collect $'s\xff' --root $'r\xfe'"#)
    #expect(result.status == 2)
    #expect(
      result.errors.hasPrefix(#"staticd: arguments 's\xFF', 'r\xFE' are not UTF-8; "#),
      "\(result.errors)"
    )
  }

  @Test("the app's own arguments are not checked")
  func app() {
    let line =
      #"staticd run --root s --listen 127.0.0.1:0 -- sh -c 'printf %s "$0"; exit 7' $'\xff'"#
    #expect(run("\(line) | od -An -tx1").result.output.contains("ff"))
  }
}
