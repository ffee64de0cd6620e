# The image holds the program and what requirements/runtime.txt pins; what it remembers lives in /data.
FROM python:3.11-slim AS build
WORKDIR /src
COPY requirements/ requirements/
RUN python -m venv /opt/guyub \
    && /opt/guyub/bin/pip install --no-cache-dir --require-hashes --only-binary :all: -r requirements/runtime.txt \
    && pip install --no-cache-dir --require-hashes --only-binary :all: -r requirements/build.txt
COPY . .
RUN pip wheel --no-cache-dir --no-deps --no-build-isolation --wheel-dir /wheels . \
    && /opt/guyub/bin/pip install --no-cache-dir --no-deps --no-index /wheels/*.whl

FROM python:3.11-slim
RUN useradd --system --uid 10001 --create-home --home-dir /data --shell /usr/sbin/nologin guyub \
    && chmod 0700 /data
COPY --from=build /opt/guyub /opt/guyub
ENV PATH=/opt/guyub/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DATABASE_URL=sqlite:////data/guyub.db
USER guyub
WORKDIR /data
VOLUME /data
EXPOSE 8080
# SIGTERM lets what is running finish; that takes 10 seconds at most.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/healthz', timeout=4)"]
ENTRYPOINT ["guyub"]
CMD ["run", "--config", "/etc/guyub/community.toml", "--host", "0.0.0.0", "--port", "8080"]
