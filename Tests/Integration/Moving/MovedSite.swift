import Foundation
import TestSupport
import Testing

/// A Django site as in a tutorial, with WhiteNoise behind SecurityMiddleware, and the same site
/// moved to staticd by the guide: the middleware is removed, and `staticd run --` precedes
/// gunicorn.
struct MovedSite {
  private let project = TemporaryDirectory()

  /// Additional settings of the project, after `base`.
  init(settings: String = "") {
    project.write(
      """
      import os, sys
      os.environ["DJANGO_SETTINGS_MODULE"] = "settings"
      from django.core.management import execute_from_command_line
      execute_from_command_line(sys.argv)
      """,
      to: "manage.py"
    )
    project.write(Self.base + "\n" + settings, to: "settings.py")
    project.write(Self.urls, to: "urls.py")
    project.write(
      """
      import os
      os.environ["DJANGO_SETTINGS_MODULE"] = "settings"
      from django.core.wsgi import get_wsgi_application
      application = get_wsgi_application()
      """,
      to: "wsgi.py"
    )
    project.write("body { background: url(img/dot.svg) }\n" + padding, to: "assets/site.css")
    project.write("import './part.js'\n" + padding, to: "assets/site.js")
    project.write("export const a = 1\n" + padding, to: "assets/part.js")
    project.write("<svg xmlns='http://www.w3.org/2000/svg'/>", to: "assets/img/dot.svg")
    project.write("%PDF-1.4", to: "assets/paper.pdf")
    project.write("User-agent: *\n", to: "public/robots.txt")
  }

  private let padding = String(repeating: "/* padding */\n", count: 30)

  /// The environment enables WhiteNoise, so that one project serves both cases.
  private static let base = """
    import os
    from pathlib import Path
    BASE = Path(__file__).parent
    SECRET_KEY = "only for tests"
    DEBUG = False
    ALLOWED_HOSTS = ["*"]
    INSTALLED_APPS = ["django.contrib.admin", "django.contrib.auth", "django.contrib.contenttypes",
      "django.contrib.messages", "django.contrib.sessions", "django.contrib.staticfiles"]
    MIDDLEWARE = ["django.middleware.security.SecurityMiddleware"]
    if os.environ["MOVED"] == "no":
      MIDDLEWARE += ["whitenoise.middleware.WhiteNoiseMiddleware"]
    MIDDLEWARE += ["django.contrib.sessions.middleware.SessionMiddleware",
      "django.middleware.common.CommonMiddleware", "django.middleware.csrf.CsrfViewMiddleware",
      "django.contrib.auth.middleware.AuthenticationMiddleware",
      "django.contrib.messages.middleware.MessageMiddleware",
      "django.middleware.clickjacking.XFrameOptionsMiddleware"]
    ROOT_URLCONF = "urls"
    DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
    DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
    TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True,
      "OPTIONS": {"context_processors": ["django.template.context_processors.request",
        "django.contrib.auth.context_processors.auth",
        "django.contrib.messages.context_processors.messages"]}}]
    STATIC_URL = "/static/"
    STATIC_ROOT = BASE / ("static-" + os.environ["MOVED"])
    STATICFILES_DIRS = [BASE / "assets"]
    WHITENOISE_ROOT = BASE / "public"
    STORAGES = {"staticfiles": {
      "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}}
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    """

  private static let urls = """
    import json
    from django.contrib import admin
    from django.http import HttpResponse, JsonResponse
    from django.templatetags.static import static
    from django.urls import path

    def home(request):
      return HttpResponse(f'<link rel=stylesheet href="{static("site.css")}">')

    def told(request):
      return JsonResponse({"address": request.META["REMOTE_ADDR"], "secure": request.is_secure(),
        "host": request.get_host(), "url": request.build_absolute_uri(),
        "body": request.body.decode(), "method": request.method})

    def streamed(request):
      return HttpResponse((part for part in ["a", "b"]), content_type="text/plain")

    def failing(request):
      raise ValueError("on purpose")

    told.csrf_exempt = True
    urlpatterns = [path("", home), path("told/", told), path("streamed/", streamed),
      path("failing/", failing), path("admin/", admin.site.urls)]
    """

  /// The collected names, with their hashed names.
  var manifest: [String: String] {
    struct Manifest: Decodable { let paths: [String: String] }
    let data = Data(project.read("static-no/staticfiles.json") ?? [])
    return (try? JSONDecoder().decode(Manifest.self, from: data).paths) ?? [:]
  }

  private func environment(moved: Bool) -> [String: String] {
    ["MOVED": moved ? "yes" : "no", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": project.path]
  }

  private var gunicorn: [String] {
    get throws {
      [try Command.fixture("django/bin/gunicorn"), "--threads", "2", "wsgi"]
    }
  }

  /// The site before the move: Django's own `collectstatic`, WhiteNoise under gunicorn.
  func beforeMove() throws -> RunningProgram {
    let environment = environment(moved: false)
    let python = try Command.fixture("django/bin/python")
    let collected = Command.run(
      [python, project.path("manage.py"), "collectstatic", "--noinput"],
      environment: environment
    )
    #expect(collected.status == 0, "\(collected.errors)")
    return RunningProgram(
      try gunicorn + ["--bind", "127.0.0.1:0", "--forwarded-allow-ips", "*"],
      directory: project.path,
      environment: environment
    )
  }

  /// The site after the move: `staticd collect`, and `staticd run` before the same gunicorn.
  func afterMove() throws -> SupervisedRun {
    let python = ["--python", try Command.fixture("django/bin/python")]
    let collected = Command.run(
      [Command.staticd, "collect", "--django", project.path] + python,
      environment: environment(moved: true)
    )
    #expect(collected.status == 0, "\(collected.errors)")
    return SupervisedRun(
      ["--django", project.path, "--trust-proxy", "127.0.0.0/8"] + python,
      try gunicorn,
      environment: environment(moved: true)
    )
  }
}
