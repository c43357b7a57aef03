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

  @Test(
    "variables that are not UTF-8 are refused, too",
    arguments: [
      ("STATICD_ROOT", "collect s"), ("STATIC_ROOT", "collect s"), ("STATIC_ROOT", "check"),
      ("STATICD_ROOT", "check"), ("STATICD_ROOT", "serve"), ("STATICD_ROOT", "run -- true"),
      ("STATICD_ROOT", "explain /"), ("STATICD_SOURCE", "collect --root r"),
      ("STATICFILES_DIRS", "collect --root r"), ("STATICD_CACHE", "collect s --root r"),
      ("STATICD_REPORT", "collect s --root r"), ("STATICD_DJANGO", "collect --root r"),
      ("STATICD_IGNORE", "find a.css --source s"), ("STATICD_PUBLIC", "serve"),
    ]
  )
  func variables(name: String, line: String) {
    let (result, fileCount) = run(#"\#(name)=$'s\xff' staticd \#(line)"#)
    #expect(result.status == 2)
    let expected =
      #"staticd: \#(name): 's\xFF' is not UTF-8; rename the file, or give a symbolic link to it"#
    #expect(result.errorLines == [expected], "\(result.errors)")
    #expect(fileCount == "3\n")
  }

  @Test("the user's cache may be in such a directory", arguments: ["XDG_CACHE_HOME", "HOME"])
  func cache(variable: String) {
    let line = """
      env -u XDG_CACHE_HOME \(variable)="$PWD/"$'r\\xff' '\(Command.staticd)' collect s --root r \
      && find $'r\\xff' -path '*/staticd/pack*' | grep -q .
      """
    let (result, _) = run(line)
    #expect(result.status == 0, "\(result.errors)")
  }

  @Test(
    "the files of the AWS tools may be in such a directory",
    arguments: [
      "HOME", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE",
    ]
  )
  func settings(variable: String) {
    let path = variable == "HOME" ? "" : "/.aws/x"
    let line = """
      mkdir -p $'r\\xff/.aws' && cd $'r\\xff/.aws'
      printf '[default]\\nendpoint_url = nonsense\\n' | tee x >config
      cd ../..
      env HOME=/none \(variable)="$PWD/"$'r\\xff'\(path) '\(Command.staticd)' publish s3://bucket --root r
      """
    let (result, _) = run(line)
    #expect(result.status == 2)
    let reason = "endpoint_url of the profile 'default' is no URL"
    #expect(result.errors.contains(reason), "\(result.errors)")
  }

  @Test(
    "certificates may be in such a directory",
    arguments: [("AWS_CA_BUNDLE", "/ca.pem"), ("SSL_CERT_FILE", "/ca.pem"), ("SSL_CERT_DIR", "")]
  )
  func certificates(variable: String, name: String) {
    let line = """
      openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=x -keyout key \
        -out $'s\\xff/ca.pem' 2>log && rm key log || exit 9
      export SSL_CERT_FILE= SSL_CERT_DIR= AWS_CA_BUNDLE=
      export \(variable)=$'s\\xff\(name)'
      staticd collect s --root r --no-cache --from-release https://127.0.0.1:1/static/
      """
    let (result, _) = run(line)
    #expect(result.status == 3)
    #expect(result.errors.contains("127.0.0.1:1/static/: cannot connect"), "\(result.errors)")
  }

  @Test("large requests may be stored in such a directory")
  func spool() {
    let line = """
      export TMPDIR="$PWD/"$'s\\xff' && mkfifo f && head -c 200000 /dev/zero >large
      '\(Command.staticd)' serve --root s --listen 127.0.0.1:0 --upstream 127.0.0.1:1 \
        --buffer-memory 1024 2>f &
      exec 9<f
      while read -r line <&9 && [[ $line != Serving* ]]; do :; done
      address=${line#*http://} && address=${address%%[!0-9.:]*}
      exec 8<>"/dev/tcp/${address%:*}/${address#*:}"
      { printf 'POST / HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: 200000\\r\\n\\r\\n'; cat large; } >&8
      read -r status <&8; echo "$status"
      kill $!; wait $!; cat <&9 >&2; rm f large
      """
    let (result, _) = run(line)
    #expect(result.output.hasPrefix("HTTP/1.1 502"), "\(result.output)")
    #expect(!result.errors.contains("temporary file"), "\(result.errors)")
  }

  @Test("an app's socket cannot be in such a directory")
  func socket() {
    let line = """
      TMPDIR=$'s\\xff' staticd run --root s --listen 127.0.0.1:0 -- gunicorn a:b
      """
    let (result, _) = run(line)
    #expect(result.status == 3)
    let reason =
      #"'s\xFF' is no place for a socket: its path is too long, has a quote or is not UTF-8"#
    #expect(result.errors.contains(reason), "\(result.errors)")
  }

  @Test(
    "a Django project in such a directory",
    arguments: [
      "check", "find a.css", "explain /static/a.css", "explain /static/a.css --django",
      "run --listen 127.0.0.1:0 -- true", "run --listen 127.0.0.1:0 --django -- true",
      "collect --dry-run", "collect --report report.json", "serve --listen 127.0.0.1:0",
      "serve --listen 127.0.0.1:0 --django",
    ],
    ["", "DEBUG = True; STATICFILES_DIRS = [('p=q', BASE / 'assets'), BASE / 'assets']"]
  )
  func project(line: String, settings: String) throws {
    let site = try DjangoSite(settings: settings)
    let script = """
      mkdir $'p\\xff' && mv *.py assets $'p\\xff' && cd $'p\\xff' && mkfifo f || exit 9
      export STATICD_PYTHON='\(site.python)'
      '\(Command.staticd)' collect -q || exit 9
      case '\(line)' in
      serve*)
        '\(Command.staticd)' \(line) 2>f &
        exec 9<f
        while read -r line <&9 && [[ $line != Serving* ]]; do echo "$line" >&2; done
        kill $! && wait $! && [[ $line == Serving* ]]
        ;;
      *) '\(Command.staticd)' \(line) ;;
      esac
      status=$?
      cd .. && ls | od -An -c | tr -d ' \\n' && rm -rf $'p\\xff'
      exit $status
      """
    let result = Command.run(["bash", "-c", script], directory: site.directory.path)
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.hasSuffix(#"p377\n"#), "\(result.output)")
    if line.hasPrefix("explain") { #expect(result.output.contains("200 OK"), "\(result.output)") }
  }

  @Test("a root elsewhere under such a name is refused where options have to hold it")
  func elsewhere() throws {
    let site = try DjangoSite(
      settings: #"import os; STATIC_ROOT = os.fsdecode(os.fsencode(str(BASE)) + b"\xff")"#
    )
    for line in ["explain /static/a.css", "serve", "run -- true"] {
      let script = """
        mkdir "$PWD"$'\\xff'
        STATICD_PYTHON='\(site.python)' '\(Command.staticd)' \(line)
        status=$?
        rm -rf "$PWD"$'\\xff'
        exit $status
        """
      let result = Command.run(["bash", "-c", script], directory: site.directory.path)
      #expect(result.status == 2)
      let reason = #"\xFF' is not UTF-8; rename the file, or give a symbolic link to it"#
      #expect(result.errors.contains("staticd: STATIC_ROOT: '/"), "\(result.errors)")
      #expect(result.errors.contains(reason), "\(result.errors)")
    }
  }

  @Test("the app's own arguments are not checked")
  func app() {
    let line =
      #"staticd run --root s --listen 127.0.0.1:0 -- sh -c 'printf %s "$0"; exit 7' $'\xff'"#
    #expect(run("\(line) | od -An -tx1").result.output.contains("ff"))
  }
}
