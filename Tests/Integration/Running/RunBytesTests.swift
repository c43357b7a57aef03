import TestSupport
import Testing

/// Arguments and variables of `staticd run` that are not UTF-8 reach the app byte for byte.
@Suite struct RunBytesTests {
  @Test("a word and a variable in Latin-1")
  func bytes() {
    let directory = TemporaryDirectory()
    directory.write("a {}\n", to: "root/a.css")
    let script = """
      word=$(printf 'caf\\351'); export VALUE=$(printf 'th\\351\\377')
      "$1" run --root "$2/root" --listen "unix:$2/l" --access-log off -- \
      sh -c 'printf "%s|%s" "$0" "$VALUE" >"$1"' "$word" "$2/told"
      """
    _ = Command.run(["sh", "-c", script, "sh", Command.staticd, directory.path])
    #expect(
      directory.read("told") == Array("caf".utf8) + [0xE9] + Array("|th".utf8) + [0xE9, 0xFF]
    )
  }
}
