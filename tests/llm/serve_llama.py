"""Serves a model with llama.cpp's own server: serve_llama.py GGUF PORT. Ends when its standard input does."""

import sys

import xllamacpp

parameters = xllamacpp.CommonParams()
parameters.model.path = sys.argv[1]
parameters.port = int(sys.argv[2])
parameters.n_ctx = 2048
parameters.n_parallel = 1
# One thread: two would wait for each other on a machine that is busy with other tests.
parameters.cpuparams.n_threads = 1
parameters.cpuparams_batch.n_threads = 1
parameters.warmup = False
parameters.verbosity = -1
server = xllamacpp.Server(parameters)
sys.stdin.read()
